using System.Globalization;
using System.Text;

namespace ServerlessRec.Api.Tests.Contract;

/// <summary>A request that must be refused.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Target">Path and query, already escaped.</param>
/// <param name="Status">The status it must get.</param>
/// <param name="Field">The field that the problem must name; null: none.</param>
public sealed record MalformedRequest(string Method, string Target, int Status, string? Field)
{
    public byte[]? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    public int? Element { get; init; }
}

/// <summary>The table of malformed requests.</summary>
internal static class MalformedRequests
{
    private const string Session = "/api/session/recommend";
    private const string Valid = """{"FeedbackType":"click","UserId":"u","ItemId":"i1"}""";

    private static readonly string[] Lists =
    [
        "/api/recommend/u1", "/api/collaborative-filtering/u1", "/api/item/i1/neighbors/", "/api/item-to-item/any/i1", "/api/popular", "/api/latest",
        "/api/non-personalized/popular",
    ];

    public static IEnumerable<(string Name, MalformedRequest Request)> All() =>
    [
        .. Numbers(), .. Queries(), .. Paths(), .. Routes(), .. Envelopes(), .. Syntax(), .. Elements(), .. Writes(),
    ];

    private static IEnumerable<(string, MalformedRequest)> Numbers()
    {
        string[] wrong = ["-1", "NaN", "1e3", "99999999999", "1.5", "0x10", "%205", "%2B5", "ten", "%D9%A1", "1,000", "null", "Infinity"];
        foreach (var value in wrong)
        {
            yield return ($"n={value}", Get($"/api/recommend/u1?n={value}", "n"));
            yield return ($"offset={value}", Get($"/api/popular?offset={value}", "offset"));
        }

        foreach (var list in Lists)
        {
            yield return ($"{list} n=-1", Get($"{list}?n=-1", "n"));
            yield return ($"{list} offset=-1", Get($"{list}?offset=-1", "offset"));
        }

        yield return ("offset beyond the limit", Get("/api/popular?offset=10001", "offset"));
        yield return ("n twice", Get("/api/popular?n=1&n=2", "n"));
        yield return ("offset twice", Get("/api/latest?offset=1&offset=2", "offset"));
        yield return ("items n=-1", Get("/api/items?n=-1", "n"));
        yield return ("users n=x", Get("/api/users?n=x", "n"));
    }

    private static IEnumerable<(string, MalformedRequest)> Queries()
    {
        yield return ("category too long", Get($"/api/popular?category={new string('c', 257)}", "category"));
        yield return ("category not UTF-8", Get("/api/popular?category=%FF%FE", "category"));
        yield return ("category with a control character", Get("/api/popular?category=a%01b", "category"));
        yield return ("user-id too long", Get($"/api/popular?user-id={new string('u', 257)}", "user-id"));
        yield return ("user-id twice", Get("/api/popular?user-id=a&user-id=b", "user-id"));
        yield return ("exclude too long", Get($"/api/recommend/u1?exclude={new string('e', 257)}", "exclude"));
        yield return ("a users cursor of nobody", Get("/api/users?cursor=%21%21%21", "cursor"));
        yield return ("an items cursor of nobody", Get("/api/items?cursor=%21%21%21", "cursor"));
        yield return ("a huge cursor", Get($"/api/users?cursor={new string('x', 5000)}", "cursor"));
        foreach (var share in new[] { "-0.1", "1.1", "NaN", "1e-1", "half", "Infinity", "%2B1" })
        {
            yield return ($"diversity={share}", Get($"/api/recommend/u1?diversity={share}", "diversity"));
            yield return ($"explore={share}", Get($"/api/recommend/u1?explore={share}", "explore"));
        }

        foreach (var filter in new[] { "(", "and", "Categories", "x%20=%20", "'" })
        {
            yield return ($"filter={filter}", Get($"/api/recommend/u1?filter={filter}", "filter"));
        }

        yield return ("items n=0", Get("/api/items?n=0", "n"));
        yield return ("search is not served", Get("/api/items?q=shoes", "q"));
        yield return ("scenario is not served", Get("/api/recommend/u1?scenario=home", "scenario"));
    }

    private static IEnumerable<(string, MalformedRequest)> Paths()
    {
        var longId = new string('x', 257);
        yield return ("user id too long", Get($"/api/recommend/{longId}", "userId"));
        yield return ("item id too long", Get($"/api/item/{longId}", "itemId"));
        yield return ("neighbors of an id too long", Get($"/api/item/{longId}/neighbors/", "itemId"));
        yield return ("path category too long", Get($"/api/popular/{longId}", "category"));
        yield return ("user id not UTF-8", Get("/api/recommend/%FF", "userId"));
        yield return ("item id half a character", Get("/api/item/%C3", "itemId"));
        yield return ("user id overlong UTF-8", Get("/api/user/%C0%AF", "userId"));
        yield return ("user id surrogate", Get("/api/user/%ED%A0%80", "userId"));
        yield return ("user id with a line break", Get("/api/user/a%0Ab", "userId"));
        yield return ("history of an id too long", Get($"/api/user/{longId}/feedback", "userId"));
        yield return ("unknown list", new("GET", "/api/non-personalized/nothing", 404, "name"));
        yield return ("unknown item", new("GET", "/api/item/nobody-knows-it", 404, "itemId"));
        yield return ("unknown user", new("GET", "/api/user/nobody-knows-them", 404, "userId"));
        yield return ("unknown release", new("POST", "/api/admin/releases/nothing/promote", 404, "releaseId"));
        yield return ("a release with a path in its name", new("POST", "/api/admin/releases/..%2F..%2Fetc/promote", 404, "releaseId"));
    }

    private static IEnumerable<(string, MalformedRequest)> Routes()
    {
        yield return ("unknown path", new("GET", "/api/nothing/here", 404, "path"));
        yield return ("no api", new("GET", "/nothing", 404, "path"));
        yield return ("recommend without a user", new("GET", "/api/recommend", 404, "path"));
        yield return ("a path too deep", new("GET", "/api/recommend/u/c/x", 404, "path"));
        yield return ("traversal", new("GET", "/api/%2E%2E/%2E%2E/etc/passwd", 404, "path"));
        yield return ("wrong method on recommend", new("DELETE", "/api/recommend/u1", 405, null));
        yield return ("wrong method on session", new("GET", Session, 405, null));
        yield return ("wrong method on popular", new("POST", "/api/popular", 405, null) { Body = "[]"u8.ToArray() });
        yield return ("wrong method on health", new("POST", "/api/health/live", 405, null) { Body = "[]"u8.ToArray() });
    }

    private static IEnumerable<(string, MalformedRequest)> Envelopes()
    {
        yield return ("no content type", Post("[]") with { ContentType = "", Status = 415, Field = "Content-Type" });
        yield return ("a form", Post("[]") with { ContentType = "application/x-www-form-urlencoded", Status = 415, Field = "Content-Type" });
        yield return ("plain text", Post("[]") with { ContentType = "text/plain", Status = 415, Field = "Content-Type" });
        yield return ("not even a content type", Post("[]") with { ContentType = "json?", Status = 415, Field = "Content-Type" });
        yield return ("too large", Post("[" + new string(' ', 70_000) + "]") with { Status = 413 });
        yield return ("bad n beside a body", Post("[]") with { Target = Session + "?n=-1", Field = "n" });
    }

    private static IEnumerable<(string, MalformedRequest)> Syntax()
    {
        string[] wrong =
        [
            "", " ", "{", "[", "[}", "nul", "[1", "[]]", "[] []", "[,]", "['a']", "[{\"ItemId\":}]", "// comment\n[]", "[" + Valid + "],", "\u0000",
            "[" + Valid, "[" + Valid + ",]", "[NaN]", "[\"\t\"]", new string('[', 100), new string('[', 20000),
            "[{\"FeedbackType\":\"click\",\"ItemId\":\"i\",\"Labels\":" + new string('[', 40) + new string(']', 40) + "}]",
        ];
        for (var i = 0; i < wrong.Length; i++)
        {
            yield return ($"syntax {i.ToString(CultureInfo.InvariantCulture)}", Post(wrong[i]));
        }

        yield return ("not UTF-8", Post("") with { Body = [(byte)'[', (byte)'"', 0xFF, (byte)'"', (byte)']'] });
        yield return ("UTF-16", Post("") with { Body = Encoding.Unicode.GetBytes("[]") });
        yield return ("half a character at the end", Post("") with { Body = [(byte)'[', (byte)']', 0xC3] });
        yield return ("object instead of array", Post(Valid));
        yield return ("text instead of array", Post("\"[]\""));
        yield return ("null instead of array", Post("null"));
    }

    private static IEnumerable<(string, MalformedRequest)> Elements()
    {
        (string Name, string Json, string? Field)[] wrong =
        [
            ("null element", "null", null),
            ("number element", "5", null),
            ("array element", "[]", null),
            ("type missing", """{"ItemId":"i1"}""", "FeedbackType"),
            ("type null", """{"FeedbackType":null,"ItemId":"i1"}""", "FeedbackType"),
            ("type empty", """{"FeedbackType":"","ItemId":"i1"}""", "FeedbackType"),
            ("type too long", $$"""{"FeedbackType":"{{new string('t', 65)}}","ItemId":"i1"}""", "FeedbackType"),
            ("type a number", """{"FeedbackType":1,"ItemId":"i1"}""", "FeedbackType"),
            ("item missing", """{"FeedbackType":"click"}""", "ItemId"),
            ("item empty", """{"FeedbackType":"click","ItemId":""}""", "ItemId"),
            ("item too long", $$"""{"FeedbackType":"click","ItemId":"{{new string('i', 257)}}"}""", "ItemId"),
            ("item a number", """{"FeedbackType":"click","ItemId":42}""", "ItemId"),
            ("item an object", """{"FeedbackType":"click","ItemId":{}}""", "ItemId"),
            ("item with a null character", """{"FeedbackType":"click","ItemId":"a\u0000b"}""", "ItemId"),
            ("item half a surrogate pair", """{"FeedbackType":"click","ItemId":"\ud800"}""", "ItemId"),
            ("user a list", """{"FeedbackType":"click","ItemId":"i1","UserId":["u"]}""", "UserId"),
            ("value a text", """{"FeedbackType":"click","ItemId":"i1","Value":"1"}""", "Value"),
            ("value infinite", """{"FeedbackType":"click","ItemId":"i1","Value":1e999}""", "Value"),
            ("value true", """{"FeedbackType":"click","ItemId":"i1","Value":true}""", "Value"),
            ("time a number", """{"FeedbackType":"click","ItemId":"i1","Timestamp":1700000000}""", "Timestamp"),
            ("time nonsense", """{"FeedbackType":"click","ItemId":"i1","Timestamp":"yesterday"}""", "Timestamp"),
            ("time impossible", """{"FeedbackType":"click","ItemId":"i1","Timestamp":"2026-02-30T00:00:00Z"}""", "Timestamp"),
            ("time endless", $$"""{"FeedbackType":"click","ItemId":"i1","Timestamp":"{{new string('1', 500)}}"}""", "Timestamp"),
            ("comment a number", """{"FeedbackType":"click","ItemId":"i1","Comment":7}""", "Comment"),
            ("comment too long", $$"""{"FeedbackType":"click","ItemId":"i1","Comment":"{{new string('c', 5000)}}"}""", "Comment"),
            ("labels too large", $$"""{"FeedbackType":"click","ItemId":"i1","Labels":"{{new string('l', 20000)}}"}""", "Labels"),
            ("labels half a surrogate pair", """{"FeedbackType":"click","ItemId":"i1","Labels":["\udc00"]}""", "Labels"),
            ("unknown field", """{"FeedbackType":"click","ItemId":"i1","Rating":5}""", "Rating"),
            ("unknown field with a strange name", """{"FeedbackType":"click","ItemId":"i1","\ud800":5}""", "\uFFFD"),
            ("field twice", """{"FeedbackType":"click","ItemId":"i1","ItemId":"i2"}""", "ItemId"),
            ("field twice in two cases", """{"FeedbackType":"click","ItemId":"i1","itemid":"i2"}""", "ItemId"),
            ("event id a number", """{"FeedbackType":"click","ItemId":"i1","EventId":5}""", "EventId"),
            ("event id empty", """{"FeedbackType":"click","ItemId":"i1","EventId":""}""", "EventId"),
        ];
        foreach (var (name, json, field) in wrong)
        {
            yield return (name, Post($"[{Valid},{json}]") with { Element = 1, Field = field });
        }

        var twice = """{"FeedbackType":"click","ItemId":"i1","EventId":"e"}""";
        yield return ("event id twice in one batch", Post($"[{twice},{twice}]") with { Element = 1, Field = "EventId" });
    }

    private static IEnumerable<(string, MalformedRequest)> Writes()
    {
        (string Name, string Method, string Target, string Json, string? Field, int? Element)[] wrong =
        [
            ("feedback without a user", "POST", "/api/feedback", """[{"FeedbackType":"click","ItemId":"i1"}]""", "UserId", 0),
            ("feedback with an empty user", "PUT", "/api/feedback", """[{"FeedbackType":"click","ItemId":"i1","UserId":""}]""", "UserId", 0),
            ("feedback with an unknown field", "POST", "/api/feedback", $"[{Valid},{Valid.Replace("}", ""","X":1}""", StringComparison.Ordinal)}]", "X", 1),
            ("feedback that is no array", "POST", "/api/feedback", Valid, null, null),
            ("item without an id", "POST", "/api/item", """{"Comment":"x"}""", "ItemId", null),
            ("item that is an array", "POST", "/api/item", """[{"ItemId":"x"}]""", null, null),
            ("item hidden by a text", "POST", "/api/item", """{"ItemId":"x","IsHidden":"yes"}""", "IsHidden", null),
            ("item categories a text", "POST", "/api/item", """{"ItemId":"x","Categories":"a,b"}""", "Categories", null),
            ("item categories with a number", "POST", "/api/item", """{"ItemId":"x","Categories":["a",5]}""", "Categories", null),
            ("item categories with null", "POST", "/api/item", """{"ItemId":"x","Categories":["a",null]}""", "Categories", null),
            ("item categories with an empty one", "POST", "/api/item", """{"ItemId":"x","Categories":[""]}""", "Categories", null),
            ("item with too many categories", "POST", "/api/item", $$"""{"ItemId":"x","Categories":[{{string.Join(',', Enumerable.Range(0, 300).Select(i => $"\"{i}\""))}}]}""", "Categories", null),
            ("item with a wrong time", "POST", "/api/item", """{"ItemId":"x","Timestamp":"13/13/2026"}""", "Timestamp", null),
            ("item with an unknown field", "POST", "/api/item", """{"ItemId":"x","Title":"y"}""", "Title", null),
            ("second item without an id", "POST", "/api/items", """[{"ItemId":"x"},{}]""", "ItemId", 1),
            ("the same item twice", "POST", "/api/items", """[{"ItemId":"x"},{"ItemId":"y"},{"ItemId":"x"}]""", "ItemId", 2),
            ("items that are one item", "POST", "/api/items", """{"ItemId":"x"}""", null, null),
            ("patch with a text for a flag", "PATCH", "/api/item/i1", """{"IsHidden":"false"}""", "IsHidden", null),
            ("patch with an unknown field", "PATCH", "/api/item/i1", """{"Hidden":true}""", "Hidden", null),
            ("patch that is an array", "PATCH", "/api/item/i1", "[]", null, null),
            ("user without an id", "POST", "/api/user", "{}", "UserId", null),
            ("user with a number as id", "POST", "/api/user", """{"UserId":7}""", "UserId", null),
            ("user with an unknown field", "POST", "/api/user", """{"UserId":"x","Name":"y"}""", "Name", null),
            ("the same user twice", "POST", "/api/users", """[{"UserId":"x"},{"UserId":"x"}]""", "UserId", 1),
            ("users with a null", "POST", "/api/users", "[null]", null, 0),
            ("user patch with a number as comment", "PATCH", "/api/user/u1", """{"Comment":1}""", "Comment", null),
            ("user with huge labels", "POST", "/api/user", $$"""{"UserId":"x","Labels":"{{new string('l', 20000)}}"}""", "Labels", null),
        ];
        foreach (var (name, method, target, json, field, element) in wrong)
        {
            yield return (name, new(method, target, 400, field) { Body = Encoding.UTF8.GetBytes(json), Element = element });
        }

        yield return ("write-back-delay alone", Get("/api/recommend/u1?write-back-delay=1h", "write-back-type"));
        yield return ("write-back-delay without a unit", Get("/api/recommend/u1?write-back-type=read&write-back-delay=10", "write-back-delay"));
        yield return ("write-back-delay negative", Get("/api/recommend/u1?write-back-type=read&write-back-delay=-1h", "write-back-delay"));
        yield return ("write-back-delay endless", Get("/api/recommend/u1?write-back-type=read&write-back-delay=99999999999h", "write-back-delay"));
        yield return ("write-back-type too long", Get($"/api/recommend/u1?write-back-type={new string('t', 65)}", "write-back-type"));
        yield return ("a category too long in the path", new("PUT", $"/api/item/i1/category/{new string('c', 257)}", 400, "category"));
        yield return ("rebuild forced by a number", new("POST", "/api/admin/rebuild?force=1", 400, "force"));
        yield return ("dead letters n=0", Get("/api/admin/dead-letters?n=0", "n"));
    }

    private static MalformedRequest Get(string target, string field) => new("GET", target, 400, field);

    private static MalformedRequest Post(string body) => new("POST", Session, 400, null) { Body = Encoding.UTF8.GetBytes(body) };
}
