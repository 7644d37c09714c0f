using ServerlessRec.Api.Settings;
using ServerlessRec.Standalone.Settings;

namespace ServerlessRec.Api.Tests.Settings;

public sealed class SettingsReaderTests
{
    [Fact]
    public void The_defaults_are_port_7071_on_loopback_without_keys()
    {
        var settings = Read(new() { ["SERVERLESSREC_STORE"] = "store" });

        Assert.Equal(["http://127.0.0.1:7071"], settings.Urls);
        Assert.True(settings.Keys.IsEmpty);
    }

    [Fact]
    public void The_command_line_goes_before_the_environment()
    {
        var settings = SettingsReader.Read("there", null, null, null, 8000, null, false, name => name switch
        {
            "SERVERLESSREC_STORE" => "here",
            "SERVERLESSREC_PORT" => "9000",
            _ => null,
        });

        Assert.Equal("there", settings.Stores.Address.Value);
        Assert.Equal(["http://127.0.0.1:8000"], settings.Urls);
    }

    [Fact]
    public void A_functions_host_says_the_port()
    {
        var settings = Read(new() { ["SERVERLESSREC_STORE"] = "s", ["FUNCTIONS_CUSTOMHANDLER_PORT"] = "41234" });

        Assert.Equal(["http://127.0.0.1:41234"], settings.Urls);
    }

    [Theory]
    [InlineData("SERVERLESSREC_STORE", null)]
    [InlineData("SERVERLESSREC_STORE", "https://account.blob.core.windows.net/container")]
    [InlineData("SERVERLESSREC_STORE", "https://account.blob.core.windows.net")]
    [InlineData("SERVERLESSREC_CONTAINER", "Upper")]
    [InlineData("SERVERLESSREC_USERS_TABLE", "1st")]
    [InlineData("SERVERLESSREC_EVENTHUBS_PORT", "x")]
    [InlineData("SERVERLESSREC_FEEDBACK_RETENTION_HOURS", "-1")]
    [InlineData("SERVERLESSREC_PORT", "70000")]
    [InlineData("SERVERLESSREC_PORT", "seven")]
    [InlineData("SERVERLESSREC_RELEASE_POLL_SECONDS", "0")]
    [InlineData("SERVERLESSREC_RELEASE_POLL_SECONDS", "NaN")]
    [InlineData("SERVERLESSREC_MAX_BODY_BYTES", "-1")]
    [InlineData("SERVERLESSREC_REQUESTS_PER_SECOND", "-1")]
    [InlineData("SERVERLESSREC_REQUESTS_PER_SECOND", "many")]
    [InlineData("SERVERLESSREC_CORS_ORIGINS", "shop.example")]
    [InlineData("SERVERLESSREC_CORS_ORIGINS", "https://shop.example/path")]
    [InlineData("SERVERLESSREC_READ_KEYS", "short")]
    [InlineData("SERVERLESSREC_READ_KEYS", "@Microsoft.KeyVault(VaultName=v;SecretName=read-keys)")]
    [InlineData("ASPNETCORE_URLS", "http://0.0.0.0:7071")]
    [InlineData("ASPNETCORE_URLS", "http://*:7071")]
    [InlineData("ASPNETCORE_URLS", "https://127.0.0.1:7071")]
    [InlineData("ASPNETCORE_URLS", "nonsense")]
    public void A_wrong_setting_is_named(string name, string? value)
    {
        var environment = new Dictionary<string, string?> { ["SERVERLESSREC_STORE"] = "store", [name] = value };

        var exception = Assert.Throws<SettingsException>(() => Read(environment));

        Assert.Contains(value is null || name.StartsWith("SERVERLESSREC", StringComparison.Ordinal) && name != "SERVERLESSREC_PORT" ? name : value, exception.Message);
    }

    [Fact]
    public void The_log_of_this_machine_keeps_what_was_consumed_as_long_as_the_setting_says()
    {
        Assert.Equal(TimeSpan.Zero, Read(new() { ["SERVERLESSREC_STORE"] = "s" }).Stores.FeedbackRetention);
        Assert.Equal(
            TimeSpan.FromMinutes(90), Read(new() { ["SERVERLESSREC_STORE"] = "s", ["SERVERLESSREC_FEEDBACK_RETENTION_HOURS"] = "1.5" }).Stores.FeedbackRetention);
    }

    [Fact]
    public void With_keys_other_machines_may_call()
    {
        var settings = Read(new()
        {
            ["SERVERLESSREC_STORE"] = "s",
            ["SERVERLESSREC_ADMIN_KEYS"] = "a-long-enough-key, another-one-of-them",
            ["ASPNETCORE_URLS"] = "http://0.0.0.0:80;http://[::]:80",
        });

        Assert.Equal(2, settings.Urls.Count);
        Assert.NotNull(settings.Keys.ScopeOf("another-one-of-them"));
    }

    private static StandaloneSettings Read(Dictionary<string, string?> environment) =>
        SettingsReader.Read(null, null, null, null, null, null, false, name => environment.GetValueOrDefault(name));
}
