using System.Diagnostics.CodeAnalysis;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>The engine's own conversions. It records the values that are unwrapped.</summary>
internal sealed class WatchedConverter(Action<object?> unwraps) : IValueConverter
{
    public bool TryConvert(object? value, Type type, out object? converted, [NotNullWhen(false)] out string? problem) =>
        ClrValueConverter.Instance.TryConvert(value, type, out converted, out problem);

    public object? Unwrap(object? value)
    {
        unwraps(value);
        return ClrValueConverter.Instance.Unwrap(value);
    }

    public object? ContentOf(object? value)
    {
        unwraps(value);
        return ClrValueConverter.Instance.ContentOf(value);
    }

    public bool TryGetMember(object target, string name, out object? value) =>
        ClrValueConverter.Instance.TryGetMember(target, name, out value);

    public object WithoutMember(object target, string name) => ClrValueConverter.Instance.WithoutMember(target, name);

    public SecretPlaceholder? FindSecret(object? value) => ClrValueConverter.Instance.FindSecret(value);

    public bool HasCut(object? value) => ClrValueConverter.Instance.HasCut(value);

    public bool IsTrace(object? value) => ClrValueConverter.Instance.IsTrace(value);
}
