namespace Lythonic.Dag;

/// <summary>
/// Says what the code of a node takes along from its host: two node runs with the same parts and the same inputs have the same output.
/// Called on any thread.
/// </summary>
public interface ICodeParts
{
    /// <summary>The parts of some code, its own text among them.</summary>
    /// <param name="code">The code.</param>
    IEnumerable<CodePart> Describe(NodeCode code);
}
