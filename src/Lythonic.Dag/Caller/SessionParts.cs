using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Everything of the caller's session that scriptblocks take along, and that their output may therefore depend on, as far as their text
/// shows: values, functions, aliases, modules and classes.
/// </summary>
internal sealed class SessionParts : ICodeParts
{
    private const string FindModules = """
        param($names)
        foreach ($name in $names) {
            $found = Microsoft.PowerShell.Core\Get-Module |
                Microsoft.PowerShell.Core\Where-Object { $_.Name -eq $name -or $_.Path -eq $name }
            if (-not $found) { $found = Microsoft.PowerShell.Core\Get-Module -ListAvailable -Name $name -ErrorAction Ignore }
            [pscustomobject]@{ Name = $name; Module = @($found)[0] }
        }
        """;

    private readonly SessionSnapshot _snapshot;
    private readonly IReadOnlyList<string> _functions;
    private readonly IReadOnlyList<ModuleState> _modules;
    private readonly ConcurrentDictionary<string, ScriptBlockAst> _scripts = new(StringComparer.Ordinal);

    private SessionParts(SessionSnapshot snapshot, IReadOnlyList<string> functions, IReadOnlyList<ModuleState> modules) =>
        (_snapshot, _functions, _modules) = (snapshot, functions, modules);

    /// <summary>Looks what there is. Call this on the pipeline's thread.</summary>
    /// <param name="cmdlet">The cmdlet that runs.</param>
    /// <param name="request">What <c>New-Dag</c> named: all nodes have it.</param>
    /// <param name="snapshot">What workers get of the session.</param>
    public static SessionParts Capture(PSCmdlet cmdlet, DagSessionRequest request, SessionSnapshot snapshot)
    {
        var modules = request.Modules.Count == 0 ? [] : cmdlet.SessionState.InvokeCommand
            .InvokeScript(true, ScriptBlock.Create(FindModules), null, (object)request.Modules.ToArray())
            .Select(found => PSWrapper.Unwrap(found.Properties["Module"].Value) is PSModuleInfo module
                ? ModuleState.Capture(module)
                : ModuleState.Unknown($"{found.Properties["Name"].Value}"))
            .ToArray();
        return new(snapshot, request.Functions, modules);
    }

    /// <inheritdoc/>
    public IEnumerable<CodePart> Describe(NodeCode code) =>
        code is ScriptBlockCode script ? Describe(script) : [new(Own, code.Fingerprint)];

    private const string Own = "its code";

    private IEnumerable<CodePart> Describe(ScriptBlockCode code)
    {
        yield return new(Own, TextOf(code));
        foreach (var (name, value) in UsedBy(code))
            yield return new(name, value);
        var ofDags = code.OfSubDag.Concat(_snapshot.Named).DistinctBy(variable => variable.Key, StringComparer.OrdinalIgnoreCase);
        var taken = code.Inherited.Where(variable => !code.OfSubDag.ContainsKey(variable.Key));
        foreach (var (name, value) in taken.OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase))
            yield return new($"$using:{name}", value);
        foreach (var (name, value) in ofDags.OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase))
            yield return new($"the variable {name}", value);
        foreach (var module in _modules)
            yield return new($"module {module.Name}", module.State);
        if (SessionCapture.FileOfHome(code.Script) is not null)
            yield return new($"module {code.Script.Module.Name}", ModuleState.Capture(code.Script.Module).State);
        foreach (var part in Called(code).Find(_functions))
            yield return part;
    }

    private CalledCode Called(ScriptBlockCode code) => new(_snapshot, code)
    {
        ReadScript = path => _scripts.GetOrAdd(path, CalledCode.ParseFile),
    };

    // What is above a block in its file says what the names of types in it mean.
    private static string TextOf(ScriptBlockCode code)
    {
        Ast root = code.Body;
        while (root.Parent is { } parent)
            root = parent;
        var text = new StringBuilder();
        foreach (var statement in (root as ScriptBlockAst)?.UsingStatements ?? Enumerable.Empty<UsingStatementAst>())
            text.Append(statement.Extent.Text).Append('\n');
        if (CalledCode.AsksForItsPlace(code.Body))
            text.Append(code.Body.Extent.File).Append('\n');
        return text.Append(code.Script.Ast.Extent.Text.Trim()).ToString();
    }

    private static IEnumerable<(string Name, object? Value)> UsedBy(ScriptBlockCode code) => code.Using is not { } values
        ? []
        : values.Keys.Cast<string>()
            .Select(key => (Name: Encoding.Unicode.GetString(Convert.FromBase64String(key)), Value: values[key]))
            .OrderBy(used => used.Name, StringComparer.Ordinal);
}
