namespace ServerlessRec.FunctionsHost.Doors;

/// <summary>The doors under a Functions host, by name.</summary>
internal static class FunctionsDoors
{
    public static TheoryData<string> Names => ["isolated worker", "custom handler"];

    public static async Task<IFunctionsDoor> OpenAsync(string name, string store) =>
        name == "isolated worker" ? await WorkerDoor.OpenAsync(store) : await CustomHandlerDoor.OpenAsync(store);
}
