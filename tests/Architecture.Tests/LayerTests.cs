using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;

namespace ServerlessRec.Architecture.Tests;

public sealed class LayerTests
{
    private static readonly Assembly Index = Assembly.Load("ServerlessRec.Index");
    private static readonly Assembly Recommender = Assembly.Load("ServerlessRec.Recommender");
    private static readonly Assembly Embedded = Assembly.Load("ServerlessRec.Embedded");

    private static readonly ArchUnitNET.Domain.Architecture House =
        new ArchLoader().LoadAssembliesIncludingDependencies(Index, Recommender, Embedded).Build();

    [Fact]
    public void The_recommender_decides_and_knows_neither_web_nor_cloud_nor_disk()
    {
        // System.IO streams are values; files and folders are somebody's machine.
        string[] forbidden =
        [
            "Microsoft.AspNetCore", "Azure.", "Microsoft.Data.Sqlite", "System.IO.File$", "System.IO.FileInfo", "System.IO.FileStream",
            "System.IO.Directory", "System.IO.Path$", "System.Net.Http",
        ];
        foreach (var pattern in forbidden)
        {
            Types().That().ResideInAssembly(Recommender)
                .Should().NotDependOnAny(Types(true).That().HaveFullNameMatching("^" + pattern.Replace(".", "\\.", StringComparison.Ordinal)))
                .WithoutRequiringPositiveResults()
                .Check(House);
        }
    }

    [Fact]
    public void Only_ports_of_the_recommender_are_public_interfaces()
    {
        // Inside the index, interfaces are constraints of generic structs: one machine-code copy per implementation, no call through a table.
        Interfaces().That().ArePublic().And().ResideInAssembly(Embedded).Or().ArePublic().And().ResideInAssembly(Index)
            .Should().NotExist()
            .WithoutRequiringPositiveResults()
            .Check(House);
    }

    [Fact]
    public void No_type_is_named_manager_helper_util_or_base()
    {
        Types().That().ResideInAssembly(Index).Or().ResideInAssembly(Recommender).Or().ResideInAssembly(Embedded)
            .Should().NotHaveNameMatching("(Manager|Helper|Utils?|Base)$")
            .Check(House);
    }
}
