namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>A node that stays in flight until the test opens the gate.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the node is in flight.</summary>
    public Task Reached => _reached.Task.Soon();

    /// <summary>The node.</summary>
    public int Hold()
    {
        _reached.TrySetResult();
        _open.Task.Soon().GetAwaiter().GetResult();
        return 1;
    }

    /// <summary>Lets the node complete.</summary>
    public void Open() => _open.TrySetResult();
}
