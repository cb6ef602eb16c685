using System.Management.Automation;
using System.Reflection;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Binding;

/// <summary>Reads the argument of <c>-Method</c>: a method, a method group, a delegate, or <c>'Namespace.Type::Method'</c>.</summary>
internal static class MethodResolver
{
    /// <summary>Makes node code that calls the method.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagMethodAmbiguous"/>: the argument names no method.</exception>
    public static MethodCode Read(object value)
    {
        var bare = PSWrapper.Unwrap(value);
        return bare switch
        {
            MethodInfo method => MethodCode.From(method),
            Delegate method => MethodCode.From(method),
            PSMethod group => OfGroup(group),
            string name => OfName(name),
            _ => throw Unusable($"A {bare.GetType()} is not a method.", bare),
        };
    }

    /// <summary>
    /// Whether the method is a scriptblock that was converted to a delegate. It belongs to the session that made it and can only run there.
    /// </summary>
    public static bool NeedsCaller(object value) => ScriptOf(value) is not null;

    /// <summary>The scriptblock that was converted to this delegate; <see langword="null"/> for any other method.</summary>
    public static ScriptBlock? ScriptOf(object? value) =>
        PSWrapper.Unwrap(value) is Delegate { Target: { } target }
            && target.GetType().GetField("Constants")?.GetValue(target) is object[] constants
            ? constants.OfType<ScriptBlock>().FirstOrDefault()
            : null;

    private static MethodCode OfName(string name)
    {
        var parts = name.Split("::");
        if (parts.Length != 2 || !LanguagePrimitives.TryConvertTo<Type>(parts[0].Trim('[', ']'), out var type) || type is null)
            throw Unusable($"'{name}' names no method.", name);
        var methods = type.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(method => method.Name.Equals(parts[1], StringComparison.OrdinalIgnoreCase)).ToList();
        return methods.Count > 0
            ? MethodCode.From(methods)
            : throw Unusable($"The type {type} has no public static method '{parts[1]}'.", name);
    }

    // A method group does not say which type it belongs to, but a delegate of one of its overloads does.
    private static MethodCode OfGroup(PSMethod group)
    {
        foreach (var definition in group.OverloadDefinitions)
        {
            if (OverloadSignature.ParseDelegateType(definition, group.Name) is not { } type
                || !LanguagePrimitives.TryConvertTo(group, type, out var converted)
                || converted is not Delegate method)
                continue;
            var owner = method.Method.DeclaringType!;
            var flags = BindingFlags.Public | (method.Method.IsStatic ? BindingFlags.Static : BindingFlags.Instance);
            return MethodCode.From(
                owner.GetMethods(flags).Where(candidate => candidate.Name == method.Method.Name),
                method.Method.IsStatic ? null : method.Target);
        }

        throw Unusable(
            $"The method group '{group.Name}' has no overload that a node can call: not generic, with no parameter or result by "
                + "reference, such as a span.",
            group.Name);
    }

    private static DagException Unusable(string message, object given) =>
        new(
            DagErrorId.DagMethodAmbiguous,
            message,
            given,
            "Give a MethodInfo, a method group such as ([System.IO.File]::ReadAllLines), a delegate, or 'Namespace.Type::Method'.");
}
