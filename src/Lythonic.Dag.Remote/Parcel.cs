using System.Collections;
using static Lythonic.Dag.Remote.RemotingWrapper;

namespace Lythonic.Dag.Remote;

/// <summary>Reads a table that came through remoting. Remoting wraps some of the values and leaves the others as they are.</summary>
/// <param name="content">The table as it came.</param>
internal sealed class Parcel(IDictionary content)
{
    /// <summary>A text, or <see langword="null"/>.</summary>
    public string? Text(string key) => Unwrap(content[key]) as string;

    /// <summary>A number; 0 if there is none.</summary>
    public int Number(string key) => Unwrap(content[key]) as int? ?? 0;

    /// <summary>Whether a flag is set.</summary>
    public bool Flag(string key) => Unwrap(content[key]) is true;

    /// <summary>A list, which may be empty.</summary>
    public IList List(string key) => Unwrap(content[key]) as IList ?? Array.Empty<object>();

    /// <summary>A table inside, or <see langword="null"/>.</summary>
    public Parcel? Inner(string key) => Unwrap(content[key]) is IDictionary inner ? new Parcel(inner) : null;

    /// <summary>Texts by name.</summary>
    public IEnumerable<(string Name, string Text)> Texts(string key) =>
        Unwrap(content[key]) is IDictionary texts
            ? texts.Keys.Cast<object>().Select(name => ((string)Unwrap(name)!, (string)Unwrap(texts[name])!))
            : [];

    /// <summary>Tables inside by name.</summary>
    public IEnumerable<(string Name, Parcel Inner)> Inners(string key) => Unwrap(content[key]) is IDictionary tables
        ? tables.Keys.Cast<object>().Select(name => ((string)Unwrap(name)!, new Parcel((IDictionary)Unwrap(tables[name])!)))
        : [];

    /// <summary>Texts of a list.</summary>
    public IEnumerable<string> Names(string key) => List(key).Cast<object?>().Select(item => (string)Unwrap(item)!);
}
