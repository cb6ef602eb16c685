using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Xml;
using System.Xml.Linq;

namespace Lythonic.Dag.Values;

/// <summary>Knows the platform's own live objects, as far as their kind decides how much of them is stored.</summary>
internal static class LiveKinds
{
    /// <summary>The property of a data table that has its rows.</summary>
    public const string RowsOfTable = nameof(System.Data.DataTable.Rows);

    // The last two are no collections by their interfaces, as they do not know their size.
    private static readonly HashSet<Type> Finite =
        [typeof(ICollection<>), typeof(IReadOnlyCollection<>), typeof(IImmutableQueue<>), typeof(IImmutableStack<>)];

    /// <summary>Whether other properties than plain ones block, run code or walk whole documents.</summary>
    public static bool IsOpaque(object value) =>
        value is Task { IsCompletedSuccessfully: false } or Delegate or Assembly or Module or Thread or Pointer or XObject
            || IsAwaitable(value.GetType());

    /// <summary>How much is stored of one of the platform's objects inside another live object.</summary>
    public static LivePart PartOf(object part, bool isInCollection) =>
        part switch
        {
            Task or Delegate or Stream or MemberInfo or Assembly or Module or Thread or Pointer or WaitHandle or SafeHandle or XObject =>
                LivePart.Text,
            System.Diagnostics.Process or System.Diagnostics.FileVersionInfo => LivePart.Text,
            System.Diagnostics.ProcessModule or System.Diagnostics.ProcessThread => isInCollection ? LivePart.Text : LivePart.Plain,
            System.Data.DataView or System.Data.DataSet => LivePart.Text,
            _ when IsAwaitable(part.GetType()) || part.GetType().FullName == "System.ServiceProcess.ServiceController" => LivePart.Text,
            _ => LivePart.Whole,
        };

    /// <summary>Whether an enumerable is known to end. One that can only be enumerated may go on for ever or have side effects.</summary>
    public static bool IsCollection(object value) =>
        value is ICollection or XmlNodeList or XmlNamedNodeMap
        || Array.Exists(
            value.GetType().GetInterfaces(),
            face => face.IsGenericType
                && Finite.Contains(face.GetGenericTypeDefinition()));

    /// <summary>Whether the value can be read only once, so that a host that shows its items would use it up.</summary>
    public static bool IsReadByEnumeration(object value) => value is IEnumerable and not XmlNode && !IsCollection(value);

    /// <summary>Whether a property has what is stored as the items of its object.</summary>
    public static bool AreItems(object owner, string name) => owner is System.Data.DataTable && name == RowsOfTable;

    /// <summary>Whether an object's properties are data, however many: the rows of a table are elements of a list.</summary>
    public static bool IsRow(object value) => value is System.Data.DataRow or System.Data.DataRowView;

    /// <summary>
    /// Whether a property shows a secret as plain text. The environment of a process, for example, holds the tokens of its parent.
    /// </summary>
    public static bool IsSecret(object owner, string name, Type type) =>
        owner is System.Diagnostics.ProcessStartInfo
            ? name.StartsWith("Environment", StringComparison.Ordinal) || name.StartsWith("Password", StringComparison.Ordinal)
            : type == typeof(string)
                && (name.Contains("Password", StringComparison.OrdinalIgnoreCase)
                    || name.Contains("Secret", StringComparison.OrdinalIgnoreCase));

    private static bool IsAwaitable(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>)
        || Array.Exists(type.GetInterfaces(), face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));
}
