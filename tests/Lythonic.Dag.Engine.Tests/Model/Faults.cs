namespace Lythonic.Dag.Engine.Tests.Model;

/// <summary>Decides by seed, node and call what goes wrong. After a few calls of a node, nothing goes wrong any more.</summary>
/// <param name="seed">The seed of the choices.</param>
/// <param name="halts">Whether nodes also pause and cancel, besides failing and timing out.</param>
internal sealed class Faults(int seed, bool halts)
{
    private const int FaultyCalls = 3;

    /// <summary>Whether nodes pause and cancel.</summary>
    public bool Halts => halts;
    private const int FaultyTrials = 6;

    /// <summary>What goes wrong with the host of a call.</summary>
    public Fault OfHost(string node, int trial)
    {
        var roll = PlanCode.Hash(node, "host", seed.ToString(null, null), trial.ToString(null, null)) % 100;
        return trial > FaultyTrials ? Fault.None : roll < 20 ? Fault.Refuse : roll < 45 ? Fault.Lose : Fault.None;
    }

    public Fault Of(string node, int call, bool hasTimeout)
    {
        var roll = PlanCode.Hash(node, seed.ToString(null, null), call.ToString(null, null)) % 100;
        if (call > FaultyCalls)
            return Fault.None;
        return roll switch
        {
            < 25 => Fault.Fail,
            < 40 when hasTimeout => Fault.TimeOut,
            < 50 when halts => Fault.Pause,
            < 56 when halts => Fault.Cancel,
            _ => Fault.None,
        };
    }
}
