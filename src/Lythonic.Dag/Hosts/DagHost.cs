namespace Lythonic.Dag;

/// <summary>A host for <c>-On</c>, as <c>New-DagHost</c> makes it.</summary>
public sealed class DagHost
{
    internal DagHost(HostSpec spec) => Spec = spec;

    /// <summary>The name in results and errors.</summary>
    public string Name => Spec.Name;

    /// <summary>How many calls it takes at once.</summary>
    public int Slots => Spec.Slots;

    internal HostSpec Spec { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
