using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Values;

/// <summary>Whatever fails on the large stack fails for the thread that waits for it.</summary>
public sealed class DeepStackTests
{
    [Fact]
    public void A_lack_of_memory_is_an_exception_of_the_caller_and_does_not_end_the_process() =>
        Assert.Throws<OutOfMemoryException>(() => DeepStack.Run(static () => _ = new string('a', int.MaxValue)));
}
