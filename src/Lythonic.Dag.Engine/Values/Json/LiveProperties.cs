using System.Reflection;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Values;

/// <summary>The public properties and fields of live objects, as .NET has them.</summary>
internal static class LiveProperties
{
    private static readonly ConditionalWeakTable<Type, LiveMember[]> Known = [];

    /// <summary>The properties and fields of a type that can be read.</summary>
    public static LiveMember[] For(Type type) => Known.GetValue(type, static type => [.. Find(type)]);

    private static IEnumerable<LiveMember> Find(Type type)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetMethod is { IsPublic: true }
                && property.GetIndexParameters().Length == 0 && IsReadable(property.PropertyType) && !Waits(property))
            .Select(property =>
                new LiveMember(property.Name, property.PropertyType, IsPlain(property.Name, property.PropertyType), property.GetValue));
        var fields = type.GetFields(BindingFlags.Public | BindingFlags.Instance)
            .Where(field => IsReadable(field.FieldType))
            .Select(field => new LiveMember(field.Name, field.FieldType, IsPlain(field.Name, field.FieldType), field.GetValue));
        return properties.Concat(fields).GroupBy(member => member.Name, StringComparer.Ordinal).Select(group => group.First());
    }

    // Such a property would read from the source of the stream, and wait for it.
    private static bool Waits(PropertyInfo property) =>
        property.Name == "EndOfStream" && typeof(TextReader).IsAssignableFrom(property.DeclaringType);

    private static bool IsReadable(Type type) => !type.IsByRefLike && !type.IsPointer && !type.IsByRef && !type.IsFunctionPointer;

    // Reading the result of a task would wait for it. The inner text of a document repeats its outer text.
    private static bool IsPlain(string name, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return name is not ("Result" or "InnerXml")
            && (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(Guid)
                || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(TimeSpan) || type == typeof(Version));
    }
}
