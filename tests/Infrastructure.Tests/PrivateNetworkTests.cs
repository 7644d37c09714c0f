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

    [Theory]
    [InlineData("modules/network.bicep", "group: 'table', type: 'Microsoft.Storage/storageAccounts', of: dataStorageName", "group: 'queue', type: 'Microsoft.Storage/storageAccounts', of: dataStorageName", "table of stdata", "no private endpoint")]
    [InlineData("modules/network.bicep", "name: 'vault', zone: 'vault'", "name: 'vault', zone: 'blob'", "privatelink.vaultcore", "pe-vault")]
    [InlineData("modules/network.bicep", "serviceName: 'Microsoft.App/environments'", "serviceName: 'Microsoft.Web/serverFarms'", "subnet app", "delegated")]
    [InlineData("modules/functionapp.bicep", "virtualNetworkSubnetId: empty(subnetId) ? null : subnetId", "publicNetworkAccess: empty(subnetId) ? 'Enabled' : 'Enabled'", "not in the network", "")]
    [InlineData("modules/storage.bicep", "defaultAction: isPrivate ? 'Deny' : 'Allow'", "defaultAction: isPrivate ? 'Allow' : 'Allow'", "lets in whom no rule names", "")]
    [InlineData("modules/vault.bicep", "publicNetworkAccess: isPrivate && empty(allowedAddresses) ? 'Disabled' : 'Enabled'", "publicNetworkAccess: 'Enabled'", "public access", "kv-")]
    [InlineData("modules/eventhubs.bicep", "defaultAction: isPrivate ? 'Deny' : 'Allow'", "defaultAction: 'Allow'", "lets in whom no rule names", "evhns-")]
    public async Task A_hole_is_found(string file, string old, string changed, string fault, string alsoSays)
    {
        using var templates = Private();
        templates.Replace(file, old, changed);

        var faults = PrivateNetworkRules.Check(await templates.SnapshotAsync());
        Assert.Contains(faults, found => found.Contains(fault, StringComparison.Ordinal) && found.Contains(alsoSays, StringComparison.Ordinal));
    }

    private static Templates Private(string more = "")
    {
        var templates = new Templates();
        templates.Replace("main.bicepparam", "param principalId", $"param privateNetworking = true\nparam retrainImage = 'registry.example/train'\n{more}\nparam principalId");
        return templates;
    }
}
