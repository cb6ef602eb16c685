namespace Lythonic.Dag;

/// <summary>What a DAG of the host language gives the code of its nodes where it runs as a sub-DAG. Thread-safe.</summary>
internal interface ICodeScope
{
    /// <summary>This scope inside another one: where both give the same, this one counts.</summary>
    /// <param name="outer">The scope of the DAG around, or <see langword="null"/>.</param>
    /// <returns>The same object for the same scope around it; <see langword="null"/> if neither gives anything.</returns>
    ICodeScope? Within(ICodeScope? outer);

    /// <summary>Code with what the scope gives it.</summary>
    /// <param name="code">The code.</param>
    /// <returns>The same object for the same code.</returns>
    NodeCode Adapt(NodeCode code);
}
