using System.Text.Json;
using System.Text.RegularExpressions;

namespace ServerlessRec.Infrastructure.Tests;

/// <summary>What must hold with `privateNetworking`: nothing answers outside, and everything the settings name answers inside. Each fault is a sentence.</summary>
internal static partial class PrivateNetworkRules
{
    private static readonly string[] Closed =
        ["Microsoft.Storage/storageAccounts", "Microsoft.EventHub/namespaces", "Microsoft.KeyVault/vaults"];

    /// <summary>Every fault of these templates.</summary>
    /// <param name="snapshot">Expanded with `privateNetworking` and a retraining job.</param>
    /// <param name="isOpenToSome">Whether addresses are allowed.</param>
    public static IReadOnlyList<string> Check(Snapshot snapshot, bool isOpenToSome = false) =>
        [.. Doors(snapshot, isOpenToSome ? "Enabled" : "Disabled"), .. Endpoints(snapshot), .. Subnets(snapshot)];

    private static IEnumerable<string> Doors(Snapshot snapshot, string expected)
    {
        foreach (var resource in Closed.SelectMany(snapshot.OfType))
        {
            var (name, properties) = (resource.GetProperty("name").GetString(), resource.GetProperty("properties"));
            if (properties.GetProperty("publicNetworkAccess").GetString() != expected)
            {
                yield return $"{name} says of public access {properties.GetProperty("publicNetworkAccess")}, not {expected}.";
            }

            var rules = properties.TryGetProperty("networkAcls", out var acls)
                ? acls
                : snapshot.OfType("Microsoft.EventHub/namespaces/networkRuleSets").Single().GetProperty("properties");
            if (rules.GetProperty("defaultAction").GetString() != "Deny")
            {
                yield return $"{name} lets in whom no rule names.";
            }
        }
    }

    // The settings say what is called; each needs an endpoint, and a name that leads to it.
    private static IEnumerable<string> Endpoints(Snapshot snapshot)
    {
        var named = snapshot.Settings.Values.SelectMany(value => StorageService().Matches(value).Select(match => (Of: match.Groups[1].Value, Group: match.Groups[2].Value))
            .Concat(Namespace().Matches(value).Select(match => (Of: match.Groups[1].Value, Group: "namespace")))
            .Concat(Vault().Matches(value).Select(match => (Of: match.Groups[1].Value, Group: "vault")))).ToHashSet();
        named.UnionWith(named.Where(one => one.Of.StartsWith("stdata", StringComparison.Ordinal)).Select(one => (one.Of, "table")).ToList());
        var zones = snapshot.OfType("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").ToDictionary(
            group => group.GetProperty("name").GetString()!.Split('/')[0],
            group => group.GetProperty("properties").GetProperty("privateDnsZoneConfigs")[0].GetProperty("properties").GetProperty("privateDnsZoneId").GetString()!);
        var reached = new HashSet<(string, string)>();
        foreach (var endpoint in snapshot.OfType("Microsoft.Network/privateEndpoints"))
        {
            var connection = endpoint.GetProperty("properties").GetProperty("privateLinkServiceConnections")[0].GetProperty("properties");
            var group = connection.GetProperty("groupIds")[0].GetString()!;
            var name = endpoint.GetProperty("name").GetString()!;
            reached.Add((connection.GetProperty("privateLinkServiceId").GetString()!.Split('/')[^1], group));
            var zone = group switch { "namespace" => "privatelink.servicebus", "vault" => "privatelink.vaultcore", _ => $"privatelink.{group}." };
            if (!zones.TryGetValue(name, out var leads) || !leads.Contains(zone, StringComparison.Ordinal))
            {
                yield return $"No name in {zone} leads to {name}.";
            }
        }

        foreach (var (of, group) in named.Except(reached))
        {
            yield return $"The settings name {group} of {of}, which has no private endpoint.";
        }

        if (snapshot.OfType("Microsoft.Network/privateDnsZones").Count() != snapshot.OfType("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Count())
        {
            yield return "A zone is not linked to the network.";
        }
    }

    private static IEnumerable<string> Subnets(Snapshot snapshot)
    {
        if (!(snapshot.App.GetProperty("properties").TryGetProperty("virtualNetworkSubnetId", out var subnet) && subnet.ValueKind == JsonValueKind.String))
        {
            yield return "The app is not in the network.";
        }

        foreach (var taken in (string[])["app", "jobs"])
        {
            var found = snapshot.OfType("Microsoft.Network/virtualNetworks/subnets").SingleOrDefault(one => one.GetProperty("name").GetString()!.EndsWith("/" + taken, StringComparison.Ordinal));
            if (found.ValueKind == JsonValueKind.Undefined || !found.GetRawText().Contains("Microsoft.App/environments", StringComparison.Ordinal))
            {
                yield return $"The subnet {taken} is not delegated to Microsoft.App/environments.";
            }
        }
    }

    [GeneratedRegex(@"https://([a-z0-9]+)\.(blob|queue|table)\.core\.windows\.net")]
    private static partial Regex StorageService();

    [GeneratedRegex(@"([a-z0-9-]+)\.servicebus\.windows\.net")]
    private static partial Regex Namespace();

    [GeneratedRegex("VaultName=([a-z0-9-]+)")]
    private static partial Regex Vault();
}
