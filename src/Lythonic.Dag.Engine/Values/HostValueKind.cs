namespace Lythonic.Dag.Values;

/// <summary>What a value is to the host language.</summary>
internal enum HostValueKind
{
    /// <summary>Nothing special.</summary>
    None,

    /// <summary>A wrapper that adds nothing to the value inside.</summary>
    Wrapper,

    /// <summary>The host's property bag, or an object to which properties were added.</summary>
    Properties,

    /// <summary>A secret, which is never written.</summary>
    Secret,
}
