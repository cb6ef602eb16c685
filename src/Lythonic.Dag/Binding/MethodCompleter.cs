using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;

namespace Lythonic.Dag.Binding;

/// <summary>Completes <c>Namespace.Type::</c> with the type's public static methods.</summary>
public sealed class MethodCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var parts = (wordToComplete ?? "").Trim('\'', '"').Split("::");
        if (parts.Length != 2 || !LanguagePrimitives.TryConvertTo<Type>(parts[0].Trim('[', ']'), out var type) || type is null)
            return [];
        var methods = type.GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => !method.IsSpecialName).Select(method => method.Name).Distinct().Order();
        return Completions.Of(wordToComplete, methods.Select(method => ($"{parts[0]}::{method}", $"{type}::{method}")));
    }
}
