namespace ServerlessRec.Infrastructure.Tests;

public sealed class PrivateNetworkTests
{
    [Fact]
    public async Task In_a_private_network_nothing_answers_outside_and_everything_inside()
    {
        using var templates = Private();

        var snapshot = await templates.SnapshotAsync();
        Assert.Empty(PrivateNetworkRules.Check(snapshot));
        Assert.Empty(TemplateRules.Check(snapshot));
    }

    [Fact]
    public async Task Allowed_addresses_alone_come_in_from_outside()
    {
        using var templates = Private("param allowedAddresses = ['203.0.113.7']");

        var snapshot = await templates.SnapshotAsync();
        Assert.Empty(PrivateNetworkRules.Check(snapshot, isOpenToSome: true));
        Assert.Equal(4, snapshot.Text.Split("203.0.113.7").Length - 1);
    }

    [Fact]
    public async Task Without_it_there_is_no_network_and_no_address_list()
    {
        using var templates = new Templates();

        var snapshot = await templates.SnapshotAsync();
        Assert.Empty(snapshot.OfType("Microsoft.Network/virtualNetworks"));
        Assert.Empty(snapshot.OfType("Microsoft.Network/privateEndpoints"));
        Assert.DoesNotContain("\"Deny\"", snapshot.Text, StringComparison.Ordinal);
    }

    /// <summary>All holes at once: the CLI takes seconds for each snapshot, and each hole has a fault of its own.</summary>
    [Fact]
    public async Task Every_hole_is_found()
    {
        using var templates = Private();
        templates.Replace("modules/network.bicep", "group: 'table', type: 'Microsoft.Storage/storageAccounts', of: dataStorageName", "group: 'queue', type: 'Microsoft.Storage/storageAccounts', of: dataStorageName");
        templates.Replace("modules/network.bicep", "name: 'vault', zone: 'vault'", "name: 'vault', zone: 'blob'");
        templates.Replace("modules/network.bicep", "serviceName: 'Microsoft.App/environments'", "serviceName: 'Microsoft.Web/serverFarms'");
        templates.Replace("modules/functionapp.bicep", "virtualNetworkSubnetId: empty(subnetId) ? null : subnetId", "publicNetworkAccess: empty(subnetId) ? 'Enabled' : 'Enabled'");
        templates.Replace("modules/storage.bicep", "defaultAction: isPrivate ? 'Deny' : 'Allow'", "defaultAction: isPrivate ? 'Allow' : 'Allow'");
        templates.Replace("modules/vault.bicep", "publicNetworkAccess: isPrivate && empty(allowedAddresses) ? 'Disabled' : 'Enabled'", "publicNetworkAccess: 'Enabled'");
        templates.Replace("modules/eventhubs.bicep", "defaultAction: isPrivate ? 'Deny' : 'Allow'", "defaultAction: 'Allow'");

        var faults = PrivateNetworkRules.Check(await templates.SnapshotAsync());

        Assert.Contains(faults, fault => fault.StartsWith("The settings name table of stdata", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("No name in privatelink.vaultcore leads to pe-vault", StringComparison.Ordinal));
        Assert.Contains("The subnet app is not delegated to Microsoft.App/environments.", faults);
        Assert.Contains("The app is not in the network.", faults);
        Assert.Contains(faults, fault => fault.StartsWith("sthost", StringComparison.Ordinal) && fault.Contains("no rule names", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("kv-", StringComparison.Ordinal) && fault.Contains("public access", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("evhns-", StringComparison.Ordinal) && fault.Contains("no rule names", StringComparison.Ordinal));
    }

    private static Templates Private(string more = "")
    {
        var templates = new Templates();
        templates.Replace("main.bicepparam", "param principalId", $"param privateNetworking = true\nparam retrainImage = 'registry.example/train'\n{more}\nparam principalId");
        return templates;
    }
}
