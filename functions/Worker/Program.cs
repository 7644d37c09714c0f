using Microsoft.Extensions.Hosting;
using ServerlessRec.Api.Hosting;
using ServerlessRec.Api.Settings;
using ServerlessRec.Worker.Hosting;

NativeAllocator.LimitArenas();
var settings = new EnvironmentSettings(Environment.GetEnvironmentVariable);
await using var opened = await OpenStores.OpenAsync(settings.Store(), TimeProvider.System, CancellationToken.None);
using var host = WorkerHost.Build(args, settings, opened.Stores, TimeProvider.System);
await host.RunAsync();
