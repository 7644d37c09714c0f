using System.Text.Json;
using System.Text.RegularExpressions;

namespace ServerlessRec.Infrastructure.Tests;

/// <summary>The expanded templates: every resource with its values, except those that only Azure knows.</summary>
internal sealed partial class Snapshot
{
    private readonly List<JsonElement> _resources;

    public Snapshot(string json)
    {
        Text = StorageAddress().Replace(json, "https://$2.$1.core.windows.net");
        using var document = JsonDocument.Parse(Text);
        _resources = [.. document.RootElement.GetProperty("predictedResources").EnumerateArray().Select(resource => resource.Clone())];
    }

    public string Text { get; }

    public JsonElement App => Single("Microsoft.Web/sites");

    /// <summary>The app's settings; values that only Azure knows are expressions.</summary>
    public IReadOnlyDictionary<string, string> Settings => Single("Microsoft.Web/sites/config").GetProperty("properties").EnumerateObject()
        .ToDictionary(setting => setting.Name, setting => setting.Value.GetString()!);

    public IEnumerable<JsonElement> OfType(string type) => _resources.Where(resource => resource.GetProperty("type").GetString() == type);

    /// <summary>Last parts of the names of all resources of a type.</summary>
    public IEnumerable<string> NamesOf(string type) => OfType(type).Select(resource => resource.GetProperty("name").GetString()!.Split('/')[^1]);

    /// <summary>Role → scope of whoever the expression names; a scope is a resource's type and name, without what is made up for this deployment.</summary>
    public IEnumerable<string> RolesOf(string principal) => OfType("Microsoft.Authorization/roleAssignments")
        .Where(role => role.GetProperty("properties").GetProperty("principalId").GetString()!.Contains(principal, StringComparison.Ordinal))
        .Select(role =>
        {
            var scope = role.GetProperty("id").GetString()!.Split("/providers/Microsoft.Authorization")[0].Split("/providers/")[^1];
            return $"{role.GetProperty("properties").GetProperty("roleDefinitionId").GetString()!.Split('/')[^1]} on {Token().Replace(scope, "")}";
        });

    private JsonElement Single(string type) => OfType(type).Single();

    [GeneratedRegex(@"\[format\('https://\{0\}\.(blob|table|queue)\.\{1\}', '([a-z0-9]+)', environment\(\)\.suffixes\.storage\)\]")]
    private static partial Regex StorageAddress();

    [GeneratedRegex("(?<=(sthost|stdata|evhns-|kv-|appi-))[a-z0-9]{13}")]
    private static partial Regex Token();
}
