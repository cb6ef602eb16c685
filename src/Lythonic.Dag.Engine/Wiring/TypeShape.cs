using System.Collections;

namespace Lythonic.Dag.Wiring;

/// <summary>Answers what wiring asks about declared types.</summary>
internal static class TypeShape
{
    private const string SwitchParameter = "System.Management.Automation.SwitchParameter";

    private static readonly HashSet<Type> ListDefinitions =
    [
        typeof(List<>), typeof(IList<>), typeof(IReadOnlyList<>), typeof(IEnumerable<>), typeof(ICollection<>),
        typeof(IReadOnlyCollection<>),
    ];

    private static readonly HashSet<Type> Scalars =
    [
        typeof(bool), typeof(char), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(Guid), typeof(decimal),
        typeof(Version), typeof(System.Numerics.BigInteger),
    ];

    /// <summary>The element type of a list parameter, or <see langword="null"/> if the type is not a list.</summary>
    public static Type? ListElementType(Type? type)
    {
        if (type is null)
            return null;
        if (type.IsArray)
            return type.GetArrayRank() == 1 ? type.GetElementType() : null;
        return type.IsGenericType && ListDefinitions.Contains(type.GetGenericTypeDefinition()) ? type.GetGenericArguments()[0] : null;
    }

    /// <summary>Whether a value of the type cannot be a list, so that a map cannot run over it.</summary>
    public static bool IsScalar(Type type) =>
        type == typeof(string) || !(typeof(IEnumerable).IsAssignableFrom(type) || type.IsAssignableFrom(typeof(object[])));

    /// <summary>Whether no conversion from one type to the other is possible. If in doubt, one is.</summary>
    public static bool CannotConvert(Type from, Type to)
    {
        if (to.IsAssignableFrom(from) || to == typeof(string))
            return false;
        var target = Nullable.GetUnderlyingType(to) ?? to;
        var isScalarTarget = target.IsPrimitive || target.IsEnum || Scalars.Contains(target);
        return isScalarTarget && target != typeof(bool) && !IsScalar(from) && from != typeof(byte[]);
    }

    /// <summary>Whether outputs that are left over may fill the parameter. A switch is never filled by chance.</summary>
    public static bool TakesLeftOver(NodeParameter parameter) => parameter.Type?.FullName != SwitchParameter;

    /// <summary>How messages name a type.</summary>
    public static string Name(Type? type) => type is null ? "undeclared" : type == typeof(void) ? "nothing" : type.ToString();
}
