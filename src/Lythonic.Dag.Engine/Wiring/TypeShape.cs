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

    private static readonly Dictionary<Type, HashSet<Type>> Never = NeverFrom();

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
        if (to.IsAssignableFrom(from) || from.IsAssignableFrom(to) || to == typeof(string))
            return false;
        if (ScalarCannotConvert(from, ListElementType(to) ?? to))
            return true;
        var target = Nullable.GetUnderlyingType(to) ?? to;
        // PowerShell makes an enum of a list of its names.
        var isScalarTarget = target.IsPrimitive || Scalars.Contains(target)
            || (target.IsEnum && typeof(IDictionary).IsAssignableFrom(from));
        return isScalarTarget && target != typeof(bool) && !IsScalar(from) && from != typeof(byte[]);
    }

    /// <summary>
    /// Whether no value of one type of single values can become one of the other, in PowerShell as in the engine. If in doubt, one can.
    /// </summary>
    public static bool ScalarCannotConvert(Type from, Type to) =>
        // What can be null takes the null of an upstream that gave nothing.
        to.IsValueType && Nullable.GetUnderlyingType(to) is null && from != to
            && Never.TryGetValue(from, out var never) && never.Contains(to.IsEnum ? typeof(Enum) : to);

    private static Dictionary<Type, HashSet<Type>> NeverFrom()
    {
        Type[] integers =
        [
            typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        ];
        Type[] fractions = [typeof(float), typeof(double), typeof(decimal)];
        Type[] times = [typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly)];
        Type[] all = [.. integers, .. fractions, .. times, typeof(char), typeof(Guid), typeof(Enum)];
        var never = new Dictionary<Type, HashSet<Type>>
        {
            [typeof(bool)] = [.. times, typeof(char), typeof(Guid)],
            [typeof(char)] = [typeof(Guid), typeof(DateTimeOffset), typeof(DateOnly)],
            [typeof(Guid)] = [.. all],
            [typeof(Version)] = [.. all],
        };
        foreach (var integer in integers)
            never[integer] = [typeof(Guid), typeof(DateTimeOffset), typeof(DateOnly)];
        foreach (var fraction in fractions)
            never[fraction] = [typeof(Guid), typeof(char)];
        foreach (var time in times)
            never[time] = [.. all];
        // PowerShell makes an offset of a time.
        never[typeof(DateTime)].Remove(typeof(DateTimeOffset));
        return never;
    }

    /// <summary>Whether outputs that are left over may fill the parameter. A switch is never filled by chance.</summary>
    public static bool TakesLeftOver(NodeParameter parameter) => parameter.Type?.FullName != SwitchParameter;

    /// <summary>How messages name a type.</summary>
    public static string Name(Type? type) => type is null ? "undeclared" : type == typeof(void) ? "nothing" : type.ToString();
}
