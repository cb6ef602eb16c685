using System.Collections.ObjectModel;

namespace Tests;

/// <summary>A plain object, for values of a declared type.</summary>
public sealed class Settings
{
    /// <summary>A number.</summary>
    public int Depth { get; set; }

    /// <summary>A list.</summary>
#pragma warning disable CA2227 // A collection that can be set is one of the ways in which a plain object comes back.
    public Collection<string> Names { get; set; } = [];
#pragma warning restore CA2227
}
