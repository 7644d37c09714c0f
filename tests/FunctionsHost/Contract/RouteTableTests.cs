using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ServerlessRec.Api;
using ServerlessRec.Api.Contract;
using ServerlessRec.Api.Hosting;
using ServerlessRec.Api.Keys;
using ServerlessRec.Api.Triggers;
using ServerlessRec.Azure.Settings;
using ServerlessRec.FunctionsHost.Doors;
using ServerlessRec.FunctionsHost.Protocol;

namespace ServerlessRec.FunctionsHost.Contract;

public sealed class RouteTableTests(SeededStore store)
{
    [Fact]
    public async Task Every_route_of_the_contract_is_a_function_and_every_http_function_a_route()
    {
        var folder = store.Copy();
        var contract = await ContractAsync(folder);
        await using var worker = await WorkerDoor.OpenAsync(folder);

        var functions = worker.Functions.Values.SelectMany(Routes).Order().ToList();
        Assert.True(
            contract.SequenceEqual(functions),
            $"Routes without a function in functions/Worker/Http: {string.Join("; ", contract.Except(functions))}. Functions without a route: {string.Join("; ", functions.Except(contract))}.");
    }

    [Fact]
    public async Task The_other_functions_say_what_their_constants_say()
    {
        await using var worker = await WorkerDoor.OpenAsync(store.Copy());

        var trigger = Binding(worker.Functions[TriggerNames.UpdateUsers]);
        Assert.Equal("eventHubTrigger", trigger.GetProperty("type").GetString());
        Assert.Equal(TriggerNames.Hub, trigger.GetProperty("eventHubName").GetString());
        Assert.Equal(TriggerNames.ConsumerGroup, trigger.GetProperty("consumerGroup").GetString());
        Assert.Equal(TriggerNames.HubConnection, trigger.GetProperty("connection").GetString());
        Assert.Equal("Many", trigger.GetProperty("cardinality").GetString());
        Assert.Equal("String", trigger.GetProperty("dataType").GetString());

        var retry = worker.Functions[TriggerNames.UpdateUsers].RetryOptions;
        Assert.Equal(-1, retry.MaxRetryCount);
        Assert.Equal(RpcRetryOptions.Types.RetryStrategy.FixedDelay, retry.RetryStrategy);

        Assert.Equal(TriggerNames.RebuildSchedule, Binding(worker.Functions[TriggerNames.RebuildIndex]).GetProperty("schedule").GetString());
        Assert.Equal(TriggerNames.ReplaySchedule, Binding(worker.Functions[TriggerNames.ReplayParked]).GetProperty("schedule").GetString());
        Assert.Equal("warmupTrigger", Binding(worker.Functions[TriggerNames.Warmup]).GetProperty("type").GetString());
        Assert.True(await worker.WarmUpAsync(TestContext.Current.CancellationToken), worker.LastFailure);
    }

    private static async Task<List<string>> ContractAsync(string folder)
    {
        var settings = new StoreSettings { Address = StoreAddress.Parse(folder) };
        await using var opened = await OpenStores.OpenAsync(settings, TimeProvider.System, TestContext.Current.CancellationToken);
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddRecommender(opened.Stores, ApiKeys.None, new ApiLimits(), TimeProvider.System);
        using var host = builder.Build();
        return [.. ApiRoutes.Over(host.Services.GetRequiredService<ApiParts>()).Select(route => $"{route.Name}: {route.Method} {TriggerNames.HostRoute(route.Path)}").Order()];
    }

    private static IEnumerable<string> Routes(RpcFunctionMetadata function)
    {
        var binding = Binding(function);
        return binding.GetProperty("type").GetString() == "httpTrigger"
            ? binding.GetProperty("methods").EnumerateArray().Select(method =>
                $"{function.Name}: {method.GetString()!.ToUpperInvariant()} {binding.GetProperty("route").GetString()!}")
            : [];
    }

    private static JsonElement Binding(RpcFunctionMetadata function)
    {
        using var document = JsonDocument.Parse(function.RawBindings[0]);
        return document.RootElement.Clone();
    }
}
