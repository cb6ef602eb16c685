namespace Lythonic.Dag.Execution;

/// <summary>A host of a farm, with its state for the node of the farm: calls, connection and refusals.</summary>
/// <param name="spec">The host.</param>
/// <param name="slots">Its slots, which other nodes may share.</param>
internal sealed class FarmHost(HostSpec spec, HostSlots slots)
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60)];

    /// <summary>Calls that take less than this are sent several at a time, because the transport takes too large a part of each.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    /// <summary>How long all calls that are sent together should take.</summary>
    private static readonly TimeSpan Filled = TimeSpan.FromMilliseconds(60);

    private const int MostPerSlot = 32;

    private int _refusals;
    private TimeSpan? _mean;
    private int _calls;
    private int _longCalls;
    private int _taken;
    private int _partlyTaken;
    private int _owed;

    public HostSpec Spec { get; } = spec;

    /// <summary>Its slots, one object for all nodes that share them.</summary>
    public HostSlots Slots { get; } = slots;

    /// <summary>The farm; set by the farm.</summary>
    public HostFarm Farm { get; set; } = null!;

    /// <summary>How many elements and nodes of the farm are on it.</summary>
    public int InUse { get; set; }

    /// <summary>The part of its slots that is busy.</summary>
    public double Load => (double)(InUse + Slots.Taken - _taken) / Slots.Count;

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
        !IsOut && InUse < Room && (BackOffUntil is not { } until || (until <= now && !IsProbed)) && HasRoom;

    /// <summary>
    /// Whether its slots have room for a call of the farm. While other farms wait for them, only so many short calls share a slot that it
    /// comes free soon.
    /// </summary>
    public bool HasRoom => TakenBy(_calls + 1) > _taken
        ? Slots.Taken < Slots.Count
        : Slots.Taken < Slots.Count || (Slots.Taken == Slots.Count && (_owed > 0 || !Slots.IsAwaitedBesides(Farm)));

    /// <summary>Whether somebody is trying it again after a refusal.</summary>
    public bool IsProbed { get; set; }

    /// <summary>How many calls may share a slot: one, until its calls are known to be short.</summary>
    public int PerSlot { get; private set; } = 1;

    /// <summary>How many of its slots are busy with a call that turned out to be long. These slots are not shared.</summary>
    public int LongCalls
    {
        get => _longCalls;
        set
        {
            _longCalls = value;
            Recount();
        }
    }

    /// <summary>How many elements and nodes of the farm may be on it at once.</summary>
    public long Room => LongCalls + (Math.Max(0L, Spec.Slots - LongCalls) * PerSlot);

    /// <summary>Takes room for a call; see <see cref="HasRoom"/>.</summary>
    public void BeginCall()
    {
        var before = _taken;
        _calls++;
        Recount();
        if (_taken > before)
            _owed = PerSlot - 1;
        else if (_owed > 0 && Slots.IsAwaitedBesides(Farm))
            _owed--;
    }

    /// <summary>Gives back the room of a call.</summary>
    public void EndCall()
    {
        _calls--;
        Recount();
    }

    /// <summary>Learns how long the code of a call took there.</summary>
    public void Measure(TimeSpan took)
    {
        // The first call takes longer, because code is compiled. One long call ends the sharing at once.
        _mean = _mean is { } mean ? (mean + took) / 2 : took;
        PerSlot = _mean < Short ? Math.Clamp((int)(Filled / TimeSpan.FromTicks(Math.Max(1, _mean.Value.Ticks))), 1, MostPerSlot) : 1;
        Recount();
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

    private int TakenBy(int calls) => _longCalls + ((Math.Max(0, calls - _longCalls) + PerSlot - 1) / PerSlot);

    private void Recount()
    {
        var (taken, partlyTaken) = (_taken, _partlyTaken);
        _taken = TakenBy(_calls);
        _partlyTaken = TakenBy(_calls + 1) > _taken ? 0 : 1;
        Slots.Change(_taken - taken, _partlyTaken - partlyTaken);
    }
}
