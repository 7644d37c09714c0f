using System.Text.Json;
using ServerlessRec.Api.Contract;
using ServerlessRec.Api.Tests.Fixtures;

namespace ServerlessRec.Api.Tests.Contract;

/// <summary>The OpenAPI document against the paths that the doors share.</summary>
public sealed class OpenApiTests(ReadyServer server) : IClassFixture<ReadyServer>
{
    [Fact]
    public async Task Every_path_of_the_contract_is_in_the_document_and_no_other()
    {
        var document = await server.Client.JsonAsync("/api/openapi.json");
        var listed = document.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToHashSet();

        var paths = typeof(ApiPaths).GetFields()
            .Where(field => field.Name != nameof(ApiPaths.Prefix))
            .Select(field => (string)field.GetRawConstantValue()!)
            .SelectMany(Forms)
            .ToHashSet();
        Assert.Equal(paths.Order(), listed.Order());
    }

    [Fact]
    public async Task Every_operation_has_a_name_of_its_own_and_schemas_that_exist_for_what_it_takes_and_answers()
    {
        var document = await server.Client.JsonAsync("/api/openapi.json");
        var schemas = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name).ToHashSet();
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(one => (one.Name, one.Value)).ToList();

        Assert.True(operations.Count > 50, $"{operations.Count} operations");
        Assert.Distinct(operations.Select(operation => operation.Value.GetProperty("operationId").GetString()));
        foreach (var (method, operation) in operations)
        {
            var name = operation.GetProperty("operationId").GetString();
            Assert.False(string.IsNullOrEmpty(operation.GetProperty("summary").GetString()), $"{name} has no summary");
            Assert.True(
                operation.TryGetProperty("requestBody", out _) || method is "get" or "delete" || name is "AddItemCategory" || name!.StartsWith("Re", StringComparison.Ordinal)
                || name is "PromoteRelease" or "Rollback",
                $"{name} says nothing of its body");
        }

        Assert.All(References(document), reference => Assert.Contains(reference.Split('/')[^1], schemas));
    }

    [Fact]
    public async Task Every_get_of_the_document_is_answered_by_a_route_and_every_path_parameter_is_declared()
    {
        var document = await server.Client.JsonAsync("/api/openapi.json");
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            var wanted = path.Name.Split('/').Where(segment => segment.StartsWith('{')).Select(segment => segment.Trim('{', '}')).ToList();
            foreach (var operation in path.Value.EnumerateObject())
            {
                var declared = operation.Value.GetProperty("parameters").EnumerateArray()
                    .Where(parameter => parameter.GetProperty("in").GetString() == "path")
                    .Select(parameter => parameter.GetProperty("name").GetString()!);
                Assert.Equal(wanted, declared);
            }

            if (path.Value.TryGetProperty("get", out _))
            {
                var target = "/api" + string.Join('/', path.Name.Split('/').Select(segment => segment.StartsWith('{') ? "x" : segment));
                using var answer = await server.Client.GetAsync(target, TestContext.Current.CancellationToken);
                var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                Assert.DoesNotContain("There is nothing at this path", text);
            }
        }
    }

    private static IEnumerable<string> Forms(string path)
    {
        var optional = path.LastIndexOf("/{", StringComparison.Ordinal);
        return path.EndsWith("?}", StringComparison.Ordinal) ? ["/" + path[..optional], "/" + path[..^2] + "}"] : ["/" + path];
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.Name == "$ref" ? [property.Value.GetString()!] : References(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
