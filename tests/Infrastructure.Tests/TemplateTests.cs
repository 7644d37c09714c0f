namespace ServerlessRec.Infrastructure.Tests;

public sealed class TemplateTests
{
    [Fact]
    public async Task The_templates_build_and_the_linter_finds_nothing()
    {
        using var templates = new Templates();

        await templates.BuildAsync();
        Assert.Empty(await templates.LintAsync());
    }

    [Fact]
    public async Task A_wrong_type_is_found_although_the_cli_only_warns()
    {
        using var templates = new Templates();
        templates.Replace("modules/eventhubs.bicep", "disableLocalAuth: true", "disableLocalAuth: 'true'");

        Assert.NotEmpty(await templates.LintAsync());
    }

    [Fact]
    public async Task The_templates_and_the_code_agree()
    {
        using var templates = new Templates();

        Assert.Empty(TemplateRules.Check(await templates.SnapshotAsync()));
    }

    [Theory]
    [InlineData("main.bicep", "var hubName = 'feedback'", "var hubName = 'clicks'", "eventhubs named feedback")]
    [InlineData("main.bicep", "var consumerGroupName = 'serverlessrec'", "var consumerGroupName = 'other'", "consumergroups named")]
    [InlineData("main.bicep", "var containerName = 'serverlessrec'", "var containerName = 'data'", "containers named")]
    [InlineData("main.bicep", "var usersTableName = 'users'", "var usersTableName = 'people'", "tables named")]
    [InlineData("main.bicep", "var consumerFunctionName = 'UpdateUsers'", "var consumerFunctionName = 'UpdateUser'", "no scale group")]
    [InlineData("main.bicep", "var hubConnectionName = 'FeedbackHub'", "var hubConnectionName = 'Hub'", "FeedbackHub__fullyQualifiedNamespace")]
    [InlineData("modules/functionapp.bicep", "SERVERLESSREC_EVENTHUBS:", "SERVERLESSREC_HUBS:", "No code reads the setting SERVERLESSREC_HUBS")]
    [InlineData("modules/functionapp.bicep", "AzureWebJobsStorage__clientId:", "AzureWebJobsStorage__client:", "AzureWebJobsStorage__clientId")]
    [InlineData("modules/functionapp.bicep", "SERVERLESSREC_CONTAINER: dataContainerName", "WEBSITE_TIME_ZONE: dataContainerName", "WEBSITE_TIME_ZONE must not")]
    [InlineData("modules/functionapp.bicep", ": '10.0'", ": '10'", "runtime version")]
    [InlineData("modules/rbac.bicep", "var hubRoles = [roles.hubReceiver, roles.hubSender]", "var hubRoles = [roles.hubReceiver]", "lacks the role 2b629674")]
    [InlineData("modules/rbac.bicep", "scope: eventHubs::hub\n", "scope: eventHubs\n", "Nothing needs the role")]
    [InlineData("modules/storage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true", "shared keys")]
    public async Task A_name_that_is_changed_on_one_side_only_is_found(string file, string old, string changed, string fault)
    {
        using var templates = new Templates();
        templates.Replace(file, old, changed);

        Assert.Contains(TemplateRules.Check(await templates.SnapshotAsync()), found => found.Contains(fault, StringComparison.Ordinal));
    }
}
