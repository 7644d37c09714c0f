using System.Reflection;
using TorchSharp;

namespace ServerlessRec.Training.Tests.TorchLoading;

public sealed class LibraryCopyTests
{
    private const string Library = "runtimes/linux-x64/native/libLibTorchSharp.so";

    [Fact]
    public void The_copy_differs_from_the_package_in_one_byte_by_the_weak_flag()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The library is Linux's.");
        var package = typeof(LibraryCopyTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "TorchSharpPackage").Value!;
        var original = File.ReadAllBytes(Path.Combine(package, Library));
        var copy = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, Library));

        Assert.Equal(original.Length, copy.Length);
        var changed = Assert.Single(Enumerable.Range(0, copy.Length), i => original[i] != copy[i]);
        Assert.Equal(2, original[changed] ^ copy[changed]);
    }

    [Fact]
    public void TorchSharp_loads_and_computes()
    {
        using var numbers = torch.arange(5);
        using var sum = numbers.sum();
        Assert.Equal(10, sum.item<long>());
    }
}
