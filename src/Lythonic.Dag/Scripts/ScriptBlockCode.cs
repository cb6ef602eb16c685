using System.Management.Automation;
using System.Management.Automation.Language;
using Lythonic.Dag.Hosting;
using Lythonic.Dag.Values;

namespace Lythonic.Dag;

/// <summary>A node that runs a scriptblock.</summary>
public sealed class ScriptBlockCode : NodeCode
{
    private const int DescriptionLength = 60;

    private readonly NodeSignature[] _signatures;
    private readonly Lazy<ScriptBlock?> _filter;

    /// <summary>Wraps a scriptblock.</summary>
    /// <param name="script">The scriptblock.</param>
    /// <param name="variable">
    /// The value of a variable of the caller, for <c>$using:</c>; it throws if there is none. <see langword="null"/> leaves
    /// <c>$using:</c> unset.
    /// </param>
    /// <exception cref="ArgumentException">The scriptblock has no script.</exception>
    public ScriptBlockCode(ScriptBlock script, Func<string, object?>? variable = null)
    {
        ArgumentNullException.ThrowIfNull(script);
        Script = script;
        File = ScriptFile.Find(script);
        Body = script.Ast switch
        {
            FunctionDefinitionAst function => function.Body,
            ScriptBlockAst body => body,
            _ => throw new ArgumentException("The scriptblock has no script.", nameof(script)),
        };
        (var signature, ContextParameters) = ScriptSignature.Read(Body);
        _signatures = [signature];
        CollectionParameters = CollectionArguments.Of(signature);
        (Using, Inherited) = variable is null ? (null, NoVariables) : UsingValues.Read(Body, variable);
        var values = (Using?.Values.Cast<object?>() ?? []).Concat(Inherited.Values);
        UsedClasses = [.. values.Select(ScriptClasses.BoundClassOf).OfType<Type>().Distinct()];
        var traits = ScriptTraits.Analyze(Body);
        Traits = script.Module is null ? traits : traits.OfModule;
        PlainParameters = PlainCall.ParametersOf(script);
        _filter = new(() => FilterForm.Of(Body)?.GetScriptBlock());
    }

    /// <summary>The scriptblock as it was given, in the session that it belongs to.</summary>
    public ScriptBlock Script { get; }

    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.ScriptBlock;

    /// <inheritdoc/>
    public override IReadOnlyList<NodeSignature> Signatures => _signatures;

    /// <inheritdoc/>
    public override string Fingerprint => Script.ToString().Trim();

    /// <inheritdoc/>
    public override string Description
    {
        get
        {
            var text = string.Join(' ', Body.Extent.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return TextCut.After(text, DescriptionLength);
        }
    }

    /// <summary>The file that it was read from, with its time at that moment; or <see langword="null"/>.</summary>
    internal ScriptFile? File { get; }

    /// <inheritdoc/>
    public override string? Place => Body.Extent.File is { Length: > 0 } file ? $"{file}:{Body.Extent.StartLineNumber}" : null;

    /// <summary>
    /// The syntax tree; each worker runspace runs a clone made from it, which keeps position, <c>$PSScriptRoot</c> and namespaces.
    /// </summary>
    internal ScriptBlockAst Body { get; }

    /// <summary>Parameters that the module itself fills: a <see cref="DagContext"/> or a subclass.</summary>
    internal IReadOnlyList<(string Name, Type Type)> ContextParameters { get; }

    /// <summary>The values of <c>$using:</c>, by the key that the engine looks them up with; <see langword="null"/> for none.</summary>
    internal System.Collections.Hashtable? Using { get; }

    /// <summary>No variables.</summary>
    internal static IReadOnlyDictionary<string, object?> NoVariables { get; } = new Dictionary<string, object?>(0);

    /// <summary>
    /// The caller's variables that blocks for other sessions inside the script take by <c>$using:</c>. Such blocks look for them in the
    /// node's session.
    /// </summary>
    internal IReadOnlyDictionary<string, object?> Inherited { get; private set; }

    /// <summary>Those of <see cref="Inherited"/> that the sub-DAG around it gives its nodes: <c>New-Dag -Variable</c>.</summary>
    internal IReadOnlyDictionary<string, object?> OfSubDag { get; private set; } = NoVariables;

    /// <summary>The script classes, bound to a session, of the objects that it takes by <c>$using:</c>.</summary>
    internal IReadOnlyList<Type> UsedClasses { get; }

    /// <summary>
    /// The functions that it calls, as they were where the node was added. Functions of the session that runs it take precedence.
    /// </summary>
    internal IReadOnlyDictionary<string, ScriptBlock> Functions { get; init; } = new Dictionary<string, ScriptBlock>(0);

    /// <summary>
    /// Variables that it reads without <c>$using:</c> and does not set. A worker does not have them.
    /// </summary>
    internal IReadOnlyList<FreeVariable> FreeVariables { get; init; } = [];

    /// <summary>The parameters by position, if the script can be called as a plain function; otherwise <see langword="null"/>.</summary>
    internal (string Name, bool MayBeOpen)[]? PlainParameters { get; }

    /// <summary>The parameters whose values <see cref="CollectionArguments"/> makes.</summary>
    internal IReadOnlyList<NodeParameter> CollectionParameters { get; }

    /// <summary>Whether it has been called and gave few objects.</summary>
    internal bool GaveFew { get; set; }

    /// <summary>The same code with variables of the sub-DAG that it runs in. What it took from its caller counts more.</summary>
    /// <param name="variables">The variables.</param>
    internal ScriptBlockCode With(IReadOnlyDictionary<string, object?> variables)
    {
        var code = (ScriptBlockCode)MemberwiseClone();
        code.OfSubDag = variables;
        code.Inherited = Inherited.Concat(variables).DistinctBy(variable => variable.Key, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(StringComparer.OrdinalIgnoreCase);
        return code;
    }

    /// <summary>The script as a filter, if <c>$_</c> would be lost in it as it is; <see langword="null"/> if not.</summary>
    /// <param name="isInline">Whether it is called inline, which is never a plain call.</param>
    internal ScriptBlock? Filter(bool isInline) => isInline || PlainParameters is null ? _filter.Value : null;

    /// <summary>What the script might leave behind in its session.</summary>
    internal ScriptTraits Traits { get; }
}
