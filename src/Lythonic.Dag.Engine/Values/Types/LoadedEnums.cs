using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Values;

/// <summary>
/// Makes values of any enum that the process has loaded. No code runs for that, and looking for an enum loads nothing: an assembly is asked
/// for a type only if its own metadata defines an enum of that name, because an assembly that forwards the name would load another one.
/// </summary>
internal static class LoadedEnums
{
    private static readonly ConditionalWeakTable<Assembly, HashSet<string>> Names = [];

    /// <summary>A value of the enum that was loaded last with that name and value, or <see langword="null"/>.</summary>
    /// <param name="fullName">The full name, of only characters that names can have.</param>
    /// <param name="text">The result of <c>ToString</c> of the value.</param>
    public static object? Read(string fullName, string text)
    {
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies().AsEnumerable().Reverse())
        {
            if ((assembly.IsDynamic || Names.GetValue(assembly, Defined).Contains(fullName))
                && assembly.GetType(fullName, throwOnError: false) is { IsEnum: true, ContainsGenericParameters: false } type
                && type.Assembly == assembly && Enum.TryParse(type, text, out var value))
                return value;
        }

        return null;
    }

    private static unsafe HashSet<string> Defined(Assembly assembly)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (!assembly.TryGetRawMetadata(out var blob, out var length))
            return names;
        var metadata = new MetadataReader(blob, length);
        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            if (IsEnum(metadata, type.BaseType))
                names.Add(NameOf(metadata, type));
        }

        return names;
    }

    private static bool IsEnum(MetadataReader metadata, EntityHandle parent)
    {
        if (parent.IsNil)
            return false;
        var (space, name) = parent.Kind switch
        {
            HandleKind.TypeReference when metadata.GetTypeReference((TypeReferenceHandle)parent) is var type => (type.Namespace, type.Name),
            HandleKind.TypeDefinition when metadata.GetTypeDefinition((TypeDefinitionHandle)parent) is var type =>
                (type.Namespace, type.Name),
            _ => default,
        };
        return metadata.StringComparer.Equals(name, nameof(Enum)) && metadata.StringComparer.Equals(space, nameof(System));
    }

    private static string NameOf(MetadataReader metadata, TypeDefinition type)
    {
        var name = metadata.GetString(type.Name);
        if (type.GetDeclaringType() is { IsNil: false } outer)
            return $"{NameOf(metadata, metadata.GetTypeDefinition(outer))}+{name}";
        return type.Namespace.IsNil ? name : $"{metadata.GetString(type.Namespace)}.{name}";
    }
}
