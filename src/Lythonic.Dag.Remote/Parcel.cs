using System.Collections;
using System.Management.Automation;

namespace Lythonic.Dag.Remote;

/// <summary>Reads what was sent: remoting wraps some of it and leaves the rest as it is.</summary>
/// <param name="content">The table as it came.</param>
internal sealed class Parcel(IDictionary content)
{
    /// <summary>A text, or <see langword="null"/>.</summary>
    public string? Text(string key) => Plain(content[key]) as string;

    /// <summary>A number; 0 where there is none.</summary>
    public int Number(string key) => Plain(content[key]) as int? ?? 0;

    /// <summary>Whether a flag is set.</summary>
    public bool Flag(string key) => Plain(content[key]) is true;

    /// <summary>A list, which may be empty.</summary>
    public IList List(string key) => Plain(content[key]) as IList ?? Array.Empty<object>();

    /// <summary>A table inside, or <see langword="null"/>.</summary>
    public Parcel? Inner(string key) => Plain(content[key]) is IDictionary inner ? new Parcel(inner) : null;

    /// <summary>Texts by name.</summary>
    public IEnumerable<(string Name, string Text)> Texts(string key) =>
        Plain(content[key]) is IDictionary texts
            ? texts.Keys.Cast<object>().Select(name => ((string)Plain(name)!, (string)Plain(texts[name])!))
            : [];

    /// <summary>Tables inside by name.</summary>
    public IEnumerable<(string Name, Parcel Inner)> Inners(string key) => Plain(content[key]) is IDictionary tables
        ? tables.Keys.Cast<object>().Select(name => ((string)Plain(name)!, new Parcel((IDictionary)Plain(tables[name])!)))
        : [];

    /// <summary>Texts of a list.</summary>
    public IEnumerable<string> Names(string key) => List(key).Cast<object?>().Select(item => (string)Plain(item)!);

    /// <summary>A value without the wrapper of remoting.</summary>
    public static object? Plain(object? value) => value is PSObject wrapper ? wrapper.BaseObject : value;
}
