using System.Buffers;
using System.Text.Json;
using ServerlessRec.Api.Contract;
using ServerlessRec.Api.Keys;

namespace ServerlessRec.Api.OpenApi;

/// <summary>Writes the routes as an OpenAPI 3.1 document.</summary>
internal static class OpenApiDocument
{
    /// <summary>The document's UTF-8 bytes.</summary>
    public static byte[] Write(IReadOnlyList<ApiRoute> routes)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("openapi"u8, "3.1.0"u8);
            writer.WriteStartObject("info"u8);
            writer.WriteString("title"u8, "ServerlessRec"u8);
            writer.WriteString("version"u8, "1"u8);
            writer.WriteString("description"u8, "Real-time recommendations, in the REST dialect of Gorse's clients."u8);
            writer.WriteEndObject();
            writer.WriteStartArray("servers"u8);
            writer.WriteStartObject();
            writer.WriteString("url"u8, ApiPaths.Prefix.TrimEnd('/'));
            writer.WriteEndObject();
            writer.WriteEndArray();
            WritePaths(writer, routes);
            writer.WritePropertyName("components"u8);
            writer.WriteRawValue(OpenApiSchemas.Components);
            writer.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    // A path parameter cannot be optional in OpenAPI: such a route becomes two paths.
    private static void WritePaths(Utf8JsonWriter writer, IReadOnlyList<ApiRoute> routes)
    {
        var forms = routes.SelectMany(Forms);
        writer.WriteStartObject("paths"u8);
        foreach (var path in forms.GroupBy(form => form.Path))
        {
            writer.WriteStartObject("/" + path.Key);
            foreach (var (_, name, route) in path)
            {
                writer.WritePropertyName(route.Method.ToLowerInvariant());
                WriteOperation(writer, path.Key, name, route);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static IEnumerable<(string Path, string Name, ApiRoute Route)> Forms(ApiRoute route)
    {
        if (!route.Path.EndsWith("?}", StringComparison.Ordinal))
        {
            return [(route.Path, route.Name, route)];
        }

        var last = route.Path.LastIndexOf('/');
        var suffix = route.Path.EndsWith("{category?}", StringComparison.Ordinal) ? "InCategory" : "OfType";
        return [(route.Path[..last], route.Name, route), (route.Path[..^2] + "}", route.Name + suffix, route)];
    }

    private static void WriteOperation(Utf8JsonWriter writer, string path, string name, ApiRoute route)
    {
        writer.WriteStartObject();
        writer.WriteString("operationId"u8, name);
        writer.WriteString("summary"u8, route.Summary);
        writer.WriteStartArray("parameters"u8);
        foreach (var segment in path.Split('/').Where(segment => segment.StartsWith('{')))
        {
            WriteParameter(writer, new QueryParameter(segment.Trim('{', '}'), "string", ""), "path");
        }

        foreach (var parameter in route.Query)
        {
            WriteParameter(writer, parameter, "query");
        }

        writer.WriteEndArray();
        if (route.Body is { } body)
        {
            writer.WriteStartObject("requestBody"u8);
            writer.WriteBoolean("required"u8, true);
            WriteContent(writer, "application/json", body);
            writer.WriteEndObject();
        }

        writer.WriteStartObject("responses"u8);
        writer.WriteStartObject("200"u8);
        writer.WriteString("description"u8, "The answer."u8);
        WriteContent(writer, "application/json", route.Answer);
        writer.WriteEndObject();
        writer.WriteStartObject("default"u8);
        writer.WriteString("description"u8, "What is wrong, and where."u8);
        WriteContent(writer, "application/problem+json", "Problem");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartArray("security"u8);
        if (route.Scope != KeyScope.None)
        {
            writer.WriteStartObject();
            writer.WriteStartArray("key"u8);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter writer, QueryParameter parameter, string place)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, parameter.Name);
        writer.WriteString("in"u8, place);
        if (place == "path")
        {
            writer.WriteBoolean("required"u8, true);
        }
        else
        {
            writer.WriteString("description"u8, parameter.Summary);
        }

        writer.WriteStartObject("schema"u8);
        if (parameter.Repeatable)
        {
            writer.WriteString("type"u8, "array"u8);
            writer.WriteStartObject("items"u8);
        }

        writer.WriteString("type"u8, parameter.Type);
        if (parameter.Repeatable)
        {
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter writer, string type, string schema)
    {
        writer.WriteStartObject("content"u8);
        writer.WriteStartObject(type);
        writer.WriteStartObject("schema"u8);
        writer.WriteString("$ref"u8, "#/components/schemas/" + schema);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
