using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Classes that scripts define. Their methods run in the session that made the object; static methods run in the session that defined the
/// class. If they are called from another session, PowerShell waits for their own session, possibly for ever, and may mix up the results of
/// concurrent calls. The attribute <c>[NoRunspaceAffinity()]</c> frees a class from that.
/// </summary>
internal static class ScriptClasses
{
    private const string AssemblyName = "PowerShell Class Assembly";
    private const string FreeingAttribute = "NoRunspaceAffinityAttribute";

    /// <summary>The advice that a warning about an object of such a class gives.</summary>
    public const string Advice =
        "its methods run in the session that made it, and may wait for that for ever. "
            + "Mark the class with [NoRunspaceAffinity()], or run the node with -Inline.";

    /// <summary>The static calls of a script on classes that are bound to a session, as they are written; each once.</summary>
    public static IEnumerable<string> StaticCallsOf(Ast body) =>
        body.FindAll(
            ast => ast is InvokeMemberExpressionAst { Static: true, Expression: TypeExpressionAst type } call
                && !IsConstructor(call)
                && IsBound(type.TypeName.GetReflectionType()),
            searchNestedScriptBlocks: true)
            .Cast<InvokeMemberExpressionAst>()
            .Select(call => $"{call.Expression.Extent.Text}::{call.Member.Extent.Text}")
            .Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The class of a value, or of the first element of a list or dictionary, if it is bound to a session and has methods of its own; else
    /// <see langword="null"/>.
    /// </summary>
    public static Type? BoundClassOf(object? value)
    {
        var bare = PSWrapper.Unwrap(value);
        if (bare is IList { Count: > 0 } list and not Array { Rank: > 1 })
            bare = PSWrapper.Unwrap(list[0]);
        else if (bare is IDictionary { Count: > 0 } entries)
            bare = PSWrapper.Unwrap(entries.Values.Cast<object?>().First());
        return bare?.GetType() is { IsPrimitive: false } type && IsBound(type) && HasMethods(type) ? type : null;
    }

    // An object belongs to the session that made it.
    private static bool IsConstructor(InvokeMemberExpressionAst call) =>
        call.Member.Extent.Text.Equals("new", StringComparison.OrdinalIgnoreCase);

    private static bool IsBound(Type? type) =>
        type is not null
        && type.Assembly.IsDynamic
        && type.Assembly.GetName().Name?.StartsWith(AssemblyName, StringComparison.Ordinal) == true
        && !type.GetCustomAttributesData().Any(attribute => attribute.AttributeType.Name == FreeingAttribute);

    private static bool HasMethods(Type type) =>
        type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).Any(method => !method.IsSpecialName);
}
