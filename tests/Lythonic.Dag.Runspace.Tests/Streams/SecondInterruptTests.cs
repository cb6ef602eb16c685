using System.Reflection;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>A second Ctrl+C comes on a thread of the runtime, where nothing catches an exception.</summary>
public sealed class SecondInterruptTests : ModuleTest
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    [Fact]
    public void What_fails_when_closing_nodes_are_stopped_does_not_end_the_process()
    {
        var type = ((Type)Session.Run("[Lythonic.Dag.Hosting.DagJob]").Sound().Output[0]!.BaseObject).Assembly
            .GetType("Lythonic.Dag.Hosting.SecondInterrupt", true)!;
        using var second = (IDisposable)Activator.CreateInstance(type)!;
        var token = (CancellationToken)type.GetProperty("Token")!.GetValue(second)!;
        var isTold = false;
        using var first = token.Register(() => isTold = true);
        using var failing = token.Register(static () => throw new InvalidOperationException("It cannot be stopped."));
        var pressed = (ConsoleCancelEventArgs)typeof(ConsoleCancelEventArgs)
            .GetConstructor(Hidden, [typeof(ConsoleSpecialKey)])!.Invoke([ConsoleSpecialKey.ControlC]);

        type.GetMethod("OnInterrupt", Hidden)!.CreateDelegate<ConsoleCancelEventHandler>(second)(null, pressed);

        Assert.Equal((true, true), (pressed.Cancel, isTold));
    }
}
