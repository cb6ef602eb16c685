using System.Diagnostics;

namespace Lythonic.Dag.Execution;

/// <summary>Makes a span the current one of the thread, until it is disposed of there.</summary>
internal readonly struct ActiveSpan : IDisposable
{
    private readonly bool _isEntered;
    private readonly Activity? _before;

    private ActiveSpan(Activity? before) => (_isEntered, _before) = (true, before);

    /// <summary>Makes the span the current one. With <see langword="null"/> nothing changes.</summary>
    public static ActiveSpan Enter(Activity? span)
    {
        if (span is null)
            return default;
        var active = new ActiveSpan(Activity.Current);
        Activity.Current = span;
        return active;
    }

    /// <summary>Makes no span the current one.</summary>
    public static ActiveSpan Leave()
    {
        var active = new ActiveSpan(Activity.Current);
        Activity.Current = null;
        return active;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isEntered)
            return;
        // A span that has stopped meanwhile is not made current again.
        Activity.Current = null;
        Activity.Current = _before;
    }
}
