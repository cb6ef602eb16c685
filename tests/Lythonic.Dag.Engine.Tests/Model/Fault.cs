namespace Lythonic.Dag.Engine.Tests.Model;

/// <summary>What goes wrong in a call.</summary>
internal enum Fault
{
    None,
    Fail,
    TimeOut,
    Pause,
    Cancel,
    Refuse,
    Lose,
}
