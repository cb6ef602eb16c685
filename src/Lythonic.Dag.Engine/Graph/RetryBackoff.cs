namespace Lythonic.Dag;

/// <summary>How the wait between attempts grows.</summary>
public enum RetryBackoff
{
    /// <summary>The same wait every time.</summary>
    Constant,

    /// <summary>Twice the wait before, plus up to half as much at random.</summary>
    Exponential,
}
