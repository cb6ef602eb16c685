using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Hosting;

/// <summary>Members that the caller added to types with <c>Update-TypeData</c>. Those that a module adds come with the module.</summary>
internal static class TypeExtensions
{
    /// <summary>Adds one to the session that runs the script, and replaces one from a module.</summary>
    public const string Add = "param($__type) Microsoft.PowerShell.Utility\\Update-TypeData -TypeData $__type -Force -ErrorAction Stop";

    /// <summary>The type data of the session on this thread, in the order in which they were added.</summary>
    public static IReadOnlyList<TypeData> Capture()
    {
        if (Runspace.DefaultRunspace?.InitialSessionState is not { } state)
            return [];
        List<TypeData>? added = null;
        foreach (var entry in state.Types)
        {
            if (entry.TypeData is not { } data)
                continue;
            if (entry.IsRemove)
                added?.RemoveAll(before => before.TypeName.Equals(data.TypeName, StringComparison.OrdinalIgnoreCase));
            else
                (added ??= []).Add(data);
        }

        return added ?? (IReadOnlyList<TypeData>)[];
    }

    /// <summary>The types some of whose added members code names, and these members as a text.</summary>
    /// <param name="code">The code.</param>
    /// <param name="types">The type data of the session.</param>
    public static IEnumerable<(string Type, string Text)> NamedIn(Ast code, IReadOnlyList<TypeData> types)
    {
        if (types.Count == 0)
            return [];
        var named = code.FindAll(ast => ast is StringConstantExpressionAst, searchNestedScriptBlocks: true)
            .Select(ast => ((StringConstantExpressionAst)ast).Value)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return types
            .Select(data => (data.TypeName, Text: string.Join('\n', data.Members.Values
                .Where(member => named.Contains(member.Name) || IsCalledByItself(member.Name))
                .OrderBy(member => member.Name, StringComparer.OrdinalIgnoreCase)
                .Select(TextOf))))
            .Where(found => found.Text.Length > 0)
            .GroupBy(found => found.TypeName, found => found.Text, StringComparer.OrdinalIgnoreCase)
            .Select(type => (type.Key, string.Join('\n', type)));
    }

    // PowerShell calls it wherever it makes a text of an object.
    private static bool IsCalledByItself(string member) => member.Equals(nameof(ToString), StringComparison.OrdinalIgnoreCase);

    private static string TextOf(TypeMemberData member) => $"{member.GetType().Name} {member.Name} " + member switch
    {
        ScriptPropertyData property => $"{property.GetScriptBlock}\n{property.SetScriptBlock}",
        ScriptMethodData method => $"{method.Script}",
        NotePropertyData note => $"{note.Value}",
        AliasPropertyData alias => $"{alias.ReferencedMemberName} {alias.MemberType}",
        CodePropertyData property => $"{property.GetCodeReference} {property.SetCodeReference}",
        CodeMethodData method => $"{method.CodeReference}",
        PropertySetData set => string.Join(',', set.ReferencedProperties),
        _ => "",
    };

    /// <summary>A copy for another session, because a scriptblock belongs to the session that runs it first.</summary>
    public static TypeData ForSession(TypeData data)
    {
        var copy = data.Copy();
        foreach (var (name, member) in data.Members)
        {
            copy.Members[name] = member switch
            {
                ScriptPropertyData property =>
                    new ScriptPropertyData(name, Clone(property.GetScriptBlock), Clone(property.SetScriptBlock))
                    {
                        IsHidden = property.IsHidden,
                    },
                ScriptMethodData method => new ScriptMethodData(name, Clone(method.Script)),
                _ => copy.Members[name],
            };
        }

        return copy;
    }

    private static ScriptBlock? Clone(ScriptBlock? script) => script?.Ast is ScriptBlockAst body ? body.GetScriptBlock() : script;
}
