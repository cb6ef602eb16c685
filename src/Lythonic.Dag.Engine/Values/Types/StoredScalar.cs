using System.Text.Json;

namespace Lythonic.Dag.Values;

/// <summary>A type of the fixed list that is stored as one JSON value.</summary>
/// <param name="name">The tag.</param>
/// <param name="type">The exact type.</param>
internal abstract class StoredScalar(string name, Type type)
{
    /// <summary>The tag.</summary>
    public string Name { get; } = name;

    /// <summary>The exact type.</summary>
    public Type Type { get; } = type;

    /// <summary>Whether a value of the type can be written and read back. If not, it is stored as a live object is.</summary>
    public virtual bool Takes(object value) => true;

    /// <summary>Writes a value without its tag.</summary>
    public abstract void Write(JsonTextWriter json, object value);

    /// <summary>Reads it back; may throw.</summary>
    public abstract object Read(JsonElement element);
}

/// <summary>One that is written and read by functions.</summary>
/// <param name="name">The tag.</param>
/// <param name="write">Writes a value.</param>
/// <param name="read">Reads it back; may throw.</param>
/// <typeparam name="T">The exact type.</typeparam>
internal sealed class StoredScalar<T>(string name, Action<JsonTextWriter, T> write, Func<JsonElement, T> read)
    : StoredScalar(name, typeof(T))
    where T : notnull
{
    /// <inheritdoc/>
    public override void Write(JsonTextWriter json, object value) => write(json, (T)value);

    /// <inheritdoc/>
    public override object Read(JsonElement element) => read(element);
}
