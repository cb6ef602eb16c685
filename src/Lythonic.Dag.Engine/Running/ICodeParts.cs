namespace Lythonic.Dag;

/// <summary>
/// Tells what the output of a node's code depends on besides its inputs. Two node runs with equal parts and equal inputs are taken to have
/// the same output. May be called on any thread.
/// </summary>
public interface ICodeParts
{
    /// <summary>The parts of the code; its own text is one of them.</summary>
    /// <param name="code">The code.</param>
    IEnumerable<CodePart> Describe(NodeCode code);
}
