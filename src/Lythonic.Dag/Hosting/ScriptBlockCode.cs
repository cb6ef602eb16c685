using System.Management.Automation;
using System.Management.Automation.Language;
using Lythonic.Dag.Hosting;

namespace Lythonic.Dag;

/// <summary>A node that runs a scriptblock.</summary>
public sealed class ScriptBlockCode : NodeCode
{
    private const int DescriptionLength = 60;

    private readonly NodeSignature _signature;

    /// <summary>Wraps a scriptblock.</summary>
    /// <param name="script">The scriptblock.</param>
    /// <param name="variable">The value of a variable of the caller, for <c>$using:</c>; it throws where there is none. <see langword="null"/> leaves <c>$using:</c> unset.</param>
    /// <exception cref="ArgumentException">The scriptblock has no script.</exception>
    public ScriptBlockCode(ScriptBlock script, Func<string, object?>? variable = null)
    {
        ArgumentNullException.ThrowIfNull(script);
        Script = script;
        Body = script.Ast switch
        {
            FunctionDefinitionAst function => function.Body,
            ScriptBlockAst body => body,
            _ => throw new ArgumentException("The scriptblock has no script.", nameof(script)),
        };
        (_signature, ContextParameters) = ScriptSignature.Read(Body);
        Using = variable is null ? null : UsingValues.Take(Body, variable);
        Traits = ScriptTraits.Of(Body);
    }

    /// <summary>The scriptblock as it was given, in the session that it belongs to.</summary>
    public ScriptBlock Script { get; }

    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.ScriptBlock;

    /// <inheritdoc/>
    public override IReadOnlyList<NodeSignature> Signatures => [_signature];

    /// <inheritdoc/>
    public override string Fingerprint => Body.Extent.Text;

    /// <inheritdoc/>
    public override string Description
    {
        get
        {
            var text = string.Join(' ', Body.Extent.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return text.Length <= DescriptionLength ? text : $"{text[..DescriptionLength]}…";
        }
    }

    /// <summary>The syntax tree; each worker runspace runs a clone made from it, which keeps position, <c>$PSScriptRoot</c> and namespaces.</summary>
    internal ScriptBlockAst Body { get; }

    /// <summary>Parameters that the module itself fills: a <see cref="DagContext"/> or a subclass.</summary>
    internal IReadOnlyList<(string Name, Type Type)> ContextParameters { get; }

    /// <summary>The values of <c>$using:</c>, by the key that the engine looks them up with; <see langword="null"/> for none.</summary>
    internal System.Collections.Hashtable? Using { get; }

    /// <summary>The functions that it calls, from where the node was added; those of the session that runs it come first.</summary>
    internal IReadOnlyDictionary<string, ScriptBlock> Functions { get; init; } = new Dictionary<string, ScriptBlock>(0);

    /// <summary>What the script might leave behind in its session.</summary>
    internal ScriptTraits Traits { get; }
}
