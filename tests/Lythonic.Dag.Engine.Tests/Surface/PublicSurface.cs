using System.Reflection;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Engine.Tests.Surface;

/// <summary>What a program can use of an assembly, a line each.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public static IEnumerable<string> Of(Assembly assembly) =>
        assembly.GetExportedTypes().SelectMany(type => MembersOf(type).Prepend(Text(type))).Order(StringComparer.Ordinal);

    private static string Text(Type type)
    {
        var kind = type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct" : "class";
        var modifier = type is { IsAbstract: true, IsSealed: true }
            ? "static "
            : kind != "class"
            ? ""
            : type.IsAbstract
            ? "abstract "
            : type.IsSealed
            ? "sealed "
            : "";
        var bases = BaseOf(type).Concat(InterfacesOf(type));
        return $"{FullName(type)}: {modifier}{kind}{string.Concat(bases.Select(item => $", {Name(item)}"))}";
    }

    private static IEnumerable<Type> BaseOf(Type type) =>
        type.BaseType is { } from && from != typeof(object) && from != typeof(ValueType) && from != typeof(Enum) ? [from] : [];

    // The interfaces that the base class does not have already.
    private static IEnumerable<Type> InterfacesOf(Type type) => type.IsEnum
        ? []
        : type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).Where(item => item.IsVisible)
            .OrderBy(Name, StringComparer.Ordinal);

    private static IEnumerable<string> MembersOf(Type type)
    {
        foreach (var member in type.GetMembers(Declared).Where(member => member.GetCustomAttribute<CompilerGeneratedAttribute>() is null))
        {
            var text = member switch
            {
                FieldInfo field when IsSeen(field) && !field.IsSpecialName =>
                    $"{field.Name}{(field.IsLiteral ? $" = {field.GetRawConstantValue()}" : $": {Name(Nullability.Create(field))}")}",
                PropertyInfo property when Accessors(property) is { Length: > 0 } accessors =>
                    $"{property.Name}{Indexer(property)} {{ {accessors}}}: {Name(Nullability.Create(property))}",
                EventInfo added when IsSeen(added.AddMethod) => $"event {added.Name}: {Name(added.EventHandlerType!)}",
                ConstructorInfo made when IsSeen(made) => $"new({Parameters(made)})",
                MethodInfo method when IsSeen(method)
                    && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) =>
                    $"{Modifier(method)}{method.Name}{Generic(method)}({Parameters(method)}): "
                    + $"{Name(Nullability.Create(method.ReturnParameter))}",
                _ => null,
            };
            if (text is not null)
                yield return $"{FullName(type)}.{text}";
        }
    }

    // Members that a derived class sees are part of the surface.
    private static bool IsSeen(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static bool IsSeen(FieldInfo field) => field is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static string Modifier(MethodInfo method) => method switch
    {
        { IsStatic: true } => "static ",
        { DeclaringType.IsInterface: true } or { IsVirtual: false } or { IsFinal: true } => "",
        { IsAbstract: true } => "abstract ",
        _ => method.GetBaseDefinition() == method ? "virtual " : "override ",
    };

    private static string Accessors(PropertyInfo property)
    {
        var set = !IsSeen(property.SetMethod) ? ""
            : property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; ";
        return (IsSeen(property.GetMethod) ? "get; " : "") + set;
    }

    private static string Indexer(PropertyInfo property) =>
        property.GetIndexParameters() is { Length: > 0 } keys ? $"[{string.Join(", ", keys.Select(Parameter))}]" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter) =>
        $"{Name(Nullability.Create(parameter))} "
        + $"{parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "")}";

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Name(NullabilityInfo info)
    {
        var mark = !info.Type.IsValueType && (info.ReadState == NullabilityState.Nullable || info.WriteState == NullabilityState.Nullable)
            ? "?"
            : "";
        if (info.ElementType is { } element)
            return $"{Name(element)}[]{mark}";
        return info.GenericTypeArguments is { Length: > 0 } arguments && info.Type.IsGenericType
            ? $"{Plain(info.Type)}<{string.Join(", ", arguments.Select(Name))}>{mark}"
            : Name(info.Type) + mark;
    }

    private static string Name(Type type) => type switch
    {
        { IsArray: true } => $"{Name(type.GetElementType()!)}[]",
        { IsByRef: true } => $"ref {Name(type.GetElementType()!)}",
        { IsGenericType: true } => $"{Plain(type)}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        _ => type.Name,
    };

    private static string FullName(Type type) =>
        $"{type.Namespace}.{(type.DeclaringType is { } outer ? $"{Name(outer)}." : "")}{Name(type)}";

    private static string Plain(Type type) => type.Name.Split('`')[0];
}
