using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>Warns of values that are not stored whole, or that nodes change after they were stored.</summary>
/// <param name="say">Writes a warning.</param>
internal sealed class ValueWarnings(Action<string> say)
{
    private const string Advice = "A node that changes what it is given should change a copy of it.";

    /// <summary>Warns that live objects in a value were not stored.</summary>
    /// <param name="what">The value, in a sentence.</param>
    /// <param name="facts">What is known of it.</param>
    public void OfCuts(string what, ValueFacts facts)
    {
        var (verb, they) = facts.Cuts == 1 ? ("1 object was", "it lies") : ($"{facts.Cuts} objects were", "they lie");
        say($"In {what}, {verb} not stored, as {they} on a cycle or too deep in others; the first at {facts.FirstCut}. "
            + "A restart or a replay cannot use this value again.");
    }

    /// <summary>Warns that a value that a node takes has changed since it was stored.</summary>
    /// <param name="what">The value, at the beginning of a sentence.</param>
    /// <param name="taker">The node that takes it.</param>
    /// <param name="change">How it changed.</param>
    public void OfChange(string what, string taker, ValueChange change) => say(change == ValueChange.Missed
        ? $"{what} is being changed by another node while node '{taker}' takes it: "
            + $"its recorded input is what was stored, and may not be what it gets. {Advice}"
        : $"{what} was changed after it was stored: the input of node '{taker}' is recorded as it gets it, "
            + $"and a restart or a replay gives what was stored. {Advice}");

    /// <summary>Warns that the recorded input of nodes is an earlier form of a large value.</summary>
    /// <param name="maker">The node whose output it is.</param>
    public void OfMissed(string maker) =>
        say($"The output of node '{maker}' was changed by a node that takes it, after it was stored. "
            + $"The recorded inputs of the nodes that take it may be what was stored, and not what they got. {Advice}");

    /// <summary>Warns that an output of the run differs from what is stored.</summary>
    /// <param name="maker">The node whose output it is.</param>
    public void OfOutput(string maker) =>
        say($"The output of node '{maker}' was changed by another node after it was stored: "
            + $"the run has it as it is now, and the store as it was. {Advice}");
}
