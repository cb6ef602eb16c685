using System.Management.Automation;
using System.Management.Automation.Language;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The functions, aliases, modules, classes and script files that some code uses by name, and those that these use; and what else of the
/// session its text shows that it depends on.
/// </summary>
/// <param name="snapshot">What workers get of the session.</param>
/// <param name="code">The code.</param>
internal sealed class CalledCode(SessionSnapshot snapshot, ScriptBlockCode code)
{
    private static readonly HashSet<string> Shipped = new(
        [FolderOf(typeof(object)), FolderOf(typeof(PSObject)), FolderOf(typeof(CalledCode))], StringComparer.Ordinal);

    private static readonly ConditionalWeakTable<Ast, ScriptTraits> Analyzed = [];

    private readonly SortedDictionary<string, CodePart> _parts = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);
    private readonly Stack<Ast> _open = new();

    /// <summary>Reads a script file. Who describes the code of many nodes gives a function that reads each file once.</summary>
    public Func<string, ScriptBlockAst> ReadScript { get; init; } = ParseFile;

    /// <summary>Reads and parses a script file, whatever errors it has.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ScriptBlockAst ParseFile(string path) => Parser.ParseInput(File.ReadAllText(path), path, out _, out _);

    /// <summary>Finds them.</summary>
    /// <param name="named">The functions that the code has whether it names them or not.</param>
    public IEnumerable<CodePart> Find(IEnumerable<string> named)
    {
        _open.Push(code.Body);
        foreach (var name in named)
            Add(name);
        while (_open.TryPop(out var ast))
        {
            foreach (var name in CommandsOf(ast))
                Add(name);
            AddTypes(ast);
            foreach (var file in PathsInCode.Scripts(ast, snapshot.Location.Path))
                AddFile(file);
            if (PathsInCode.AsksForLocation(ast))
                Add(new CodePart("the location", snapshot.Location.Path));
            foreach (var (name, text) in TypeExtensions.NamedIn(ast, snapshot.Types))
                Add(new CodePart($"the type data of {name}", text));
        }

        foreach (var part in CommonParameters.Parts(snapshot.Variables, _seen))
            Add(part);
        return _parts.Values;
    }

    /// <summary>What the code, and the functions among these, might leave behind in a session.</summary>
    public ScriptTraits Traits()
    {
        var traits = code.Traits;
        _open.Push(code.Body);
        while (_open.TryPop(out var ast))
        {
            if (!ReferenceEquals(ast, code.Body))
                traits = traits.Or(Analyzed.GetValue(ast, static called => ScriptTraits.Analyze(BodyOf(called))));
            foreach (var command in CommandsOf(ast))
            {
                if (FunctionOf(command) is { } function && _seen.Add(command))
                    _open.Push(function.Ast);
            }
        }

        return traits;
    }

    /// <summary>Whether code reads where its file is.</summary>
    public static bool AsksForItsPlace(Ast body) => body.Find(
        ast => ast is VariableExpressionAst { VariablePath.UserPath: var name }
            && (name.Equals("PSScriptRoot", StringComparison.OrdinalIgnoreCase)
                || name.Equals("PSCommandPath", StringComparison.OrdinalIgnoreCase)),
        searchNestedScriptBlocks: true) is not null;

    private static IEnumerable<string> CommandsOf(Ast ast) =>
        ast.FindAll(inner => inner is CommandAst, searchNestedScriptBlocks: true)
            .Select(command => ((CommandAst)command).GetCommandName())
            .Where(name => !string.IsNullOrEmpty(name));

    // A definition's own name does not define it again.
    private static Ast BodyOf(Ast function) => function is FunctionDefinitionAst definition ? definition.Body : function;

    private ScriptBlock? FunctionOf(string name)
    {
        for (var left = snapshot.Aliases.Count; left > 0 && snapshot.Aliases.TryGetValue(name, out var command); left--)
            name = command;
        return snapshot.Functions.GetValueOrDefault(name);
    }

    private void Add(string name)
    {
        if (!_seen.Add(name))
            return;
        if (snapshot.Aliases.TryGetValue(name, out var command))
        {
            Add(new CodePart($"alias {name}", command));
            Add(command);
        }
        else if (snapshot.Functions.TryGetValue(name, out var function) || code.Functions.TryGetValue(name, out function))
        {
            Add(new CodePart($"function {name}", function.Ast.Extent.Text));
            _open.Push(function.Ast);
        }
        else if (snapshot.Homes.TryGetValue(name, out var module))
        {
            var state = ModuleState.Capture(module);
            Add(new CodePart($"module {state.Name}", state.State));
        }
    }

    private void AddFile(string path)
    {
        if (!_seen.Add($"file {path}"))
            return;
        if (!path.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase))
        {
            Add(new CodePart($"module {path}", ModuleState.Unknown(path).State));
            return;
        }

        try
        {
            var script = ReadScript(path);
            Add(new CodePart($"the script {path}", script.Extent.Text));
            _open.Push(script);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Add(new CodePart($"the script {path}", null) { Obstacle = $"calls the script {path}, which cannot be read: {error.Message}" });
        }
    }

    private void Add(CodePart part) => _parts[part.Name] = part;

    private void AddTypes(Ast ast)
    {
        foreach (var named in ast.FindAll(inner => inner is TypeExpressionAst or TypeConstraintAst, searchNestedScriptBlocks: true))
        {
            var name = named is TypeExpressionAst expression ? expression.TypeName : ((TypeConstraintAst)named).TypeName;
            if (name.GetReflectionType() is { } type)
                AddType(type, ast);
        }
    }

    private void AddType(Type type, Ast ast)
    {
        foreach (var inner in type.HasElementType ? [type.GetElementType()!] : type.GenericTypeArguments)
            AddType(inner, ast);
        if (type.Assembly.IsDynamic)
            AddClass(type, ast);
        else if (!Shipped.Contains(FolderOf(type)))
            Add(new CodePart($"the assembly {type.Assembly.GetName().Name}", type.Module.ModuleVersionId));
    }

    private void AddClass(Type type, Ast ast)
    {
        Ast root = ast;
        while (root.Parent is { } parent)
            root = parent;
        var definition = root.Find(
            inner => inner is TypeDefinitionAst found && found.Name.Equals(type.Name, StringComparison.OrdinalIgnoreCase),
            searchNestedScriptBlocks: true);
        Add(new CodePart($"class {type.Name}", definition?.Extent.Text)
        {
            Obstacle = definition is null ? $"uses the class [{type.Name}], whose text is not known" : null,
        });
        if (definition is not null && _seen.Add($"class {type.Name}"))
            _open.Push(definition);
    }

    private static string FolderOf(Type type) => type.Assembly.IsDynamic ? "" : Path.GetDirectoryName(type.Assembly.Location) ?? "";
}
