using System.Management.Automation;
using System.Reflection;

namespace Lythonic.Dag.Binding;

/// <summary>Completes <c>Namespace.Type::</c> with the type's public static methods that a node can call.</summary>
public sealed class MethodCompleter : QuietCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Candidates(CompletionContext context)
    {
        var parts = context.Word.Split("::");
        if (parts.Length != 2 || !LanguagePrimitives.TryConvertTo<Type>(parts[0].Trim('[', ']'), out var type) || type is null)
            return [];
        return type.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(method => !method.IsSpecialName && !method.ContainsGenericParameters)
            .GroupBy(method => method.Name).OrderBy(group => group.Key, StringComparer.OrdinalIgnoreCase)
            .Select(group => ($"{parts[0]}::{group.Key}", string.Join(Environment.NewLine, group.Select(method => method.ToString()))));
    }
}
