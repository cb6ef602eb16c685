using System.Reflection;
using System.Text.Json;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Export;

/// <summary>Values as a page shows them. The staged module is not compiled against: what is inside is reached by its name.</summary>
public sealed class PayloadPreviewTests : ModuleTest
{
    private const int PageIsFull = 8_000_000;

    [Fact]
    public void A_page_that_is_full_does_little_for_a_value_of_which_it_shows_little()
    {
        var (read, cut) = Payloads();
        var json = JsonSerializer.Serialize(Enumerable.Range(1, 10_000));
        Assert.Contains("\n  1,", read(() => json), StringComparison.Ordinal);
        for (var shown = 0; shown < PageIsFull;)
            shown += cut(json).Length;

        var before = GC.GetAllocatedBytesForCurrentThread();
        var text = read(() => json);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.StartsWith("[1,2,3,", text, StringComparison.Ordinal);
        Assert.InRange(allocated, 1, json.Length / 4);
    }

    private static (Func<Func<string?>, string> Read, Func<string, string> Cut) Payloads()
    {
        var type = AppDomain.CurrentDomain.GetAssemblies().First(loaded => loaded.GetName().Name == "Lythonic.Dag")
            .GetType("Lythonic.Dag.Export.PayloadPreview", true)!;
        var payloads = Activator.CreateInstance(type)!;
        TMethod Method<TMethod>(string name) where TMethod : Delegate =>
            type.GetMethod(name, BindingFlags.Instance | BindingFlags.Public)!.CreateDelegate<TMethod>(payloads);
        return (Method<Func<Func<string?>, string>>("Read"), Method<Func<string, string>>("Cut"));
    }
}
