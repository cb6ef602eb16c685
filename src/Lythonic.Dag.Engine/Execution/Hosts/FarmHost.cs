namespace Lythonic.Dag.Execution;

/// <summary>A host of a farm, with its state: slots, connection and refusals.</summary>
/// <param name="spec">The host.</param>
internal sealed class FarmHost(HostSpec spec)
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60)];

    /// <summary>Calls that take less than this are sent several at a time, because the transport takes too large a part of each.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    /// <summary>How long all calls that are sent together should take.</summary>
    private static readonly TimeSpan Filled = TimeSpan.FromMilliseconds(60);

    private const int MostPerSlot = 32;

    private int _refusals;
    private TimeSpan? _mean;

    public HostSpec Spec { get; } = spec;

    /// <summary>How many of its slots are held.</summary>
    public int InUse { get; set; }

    /// <summary>
    /// Changes whenever something is learned of the host. An attempt to connect that began before the change tells nothing new.
    /// </summary>
    public int Generation { get; private set; }

    /// <summary>Whether it is connected to, or has been.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>When it may be tried again after a refusal; <see langword="null"/> if it did not refuse.</summary>
    public TimeSpan? BackOffUntil { get; private set; }

    /// <summary>Whether it refused so often that it is no longer tried.</summary>
    public bool IsOut { get; private set; }

    /// <summary>The error of the last refusal; or <see langword="null"/>.</summary>
    public string? Reason { get; private set; }

    /// <summary>Whether it is not out and need not be waited for after a refusal. At most, a caller waits for a slot.</summary>
    public bool IsSound => !IsOut && BackOffUntil is null;

    /// <summary>Whether a slot can be taken now. After a refusal, only one caller at a time may try.</summary>
    public bool IsFree(TimeSpan now) =>
        !IsOut && InUse < Room && (BackOffUntil is not { } until || (until <= now && !IsProbed));

    /// <summary>Whether somebody is trying it again after a refusal.</summary>
    public bool IsProbed { get; set; }

    /// <summary>How many calls may share a slot: one, until its calls are known to be short.</summary>
    public int PerSlot { get; private set; } = 1;

    /// <summary>How many of its slots are busy with a call that turned out to be long. These slots are not shared.</summary>
    public int LongCalls { get; set; }

    /// <summary>How many may hold its slots at once.</summary>
    public long Room => LongCalls + (Math.Max(0L, Spec.Slots - LongCalls) * PerSlot);

    /// <summary>Learns how long the code of a call took there.</summary>
    public void Measure(TimeSpan took)
    {
        // The first call takes longer, because code is compiled. One long call ends the sharing at once.
        _mean = _mean is { } mean ? (mean + took) / 2 : took;
        PerSlot = _mean < Short ? Math.Clamp((int)(Filled / TimeSpan.FromTicks(Math.Max(1, _mean.Value.Ticks))), 1, MostPerSlot) : 1;
    }

    /// <summary>Notes that it was connected to.</summary>
    public void Open()
    {
        IsOpen = true;
        IsOut = false;
        BackOffUntil = null;
        Reason = null;
        _refusals = 0;
        Generation++;
    }

    /// <summary>Notes a refusal. The host is tried again after 5, 15 and 60 seconds, and after that no more.</summary>
    public void Refuse(string reason, TimeSpan now)
    {
        Reason = reason;
        Generation++;
        if (_refusals < Waits.Length)
            BackOffUntil = now + Waits[_refusals++];
        else
            IsOut = true;
    }
}
