using System.Reflection;

namespace Lythonic.Dag.Execution;

/// <summary>Reads what a method returned as a task or an asynchronous sequence, if it is one.</summary>
internal static class Awaitable
{
    private static readonly MethodInfo ItemsMethod =
        typeof(Awaitable).GetMethod(nameof(ItemsAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The task that a method's result is, or that reads the asynchronous sequence which it is.</summary>
    /// <param name="result">What the method returned.</param>
    /// <param name="declared">What it is declared to return.</param>
    /// <param name="cancellationToken">Is given to the sequence, and looked at between two items.</param>
    /// <returns><see langword="null"/> for any other value.</returns>
    public static Task? AsTask(object? result, Type declared, CancellationToken cancellationToken) =>
        result is null || ReturnType.ItemOf(declared) is not { } item
            ? AsTask(result)
            : (Task)ItemsMethod.MakeGenericMethod(item).Invoke(null, [result, cancellationToken])!;

    /// <summary>The result of a task that has completed; <see langword="null"/> if it has none.</summary>
    public static object? ResultOf(Task task)
    {
        for (var type = task.GetType(); type is not null; type = type.BaseType)
        {
            if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(Task<>))
                continue;
            // An async method without a result is a task of an internal type that nobody can name.
            return type.GetGenericArguments()[0].FullName == "System.Threading.Tasks.VoidTaskResult"
                ? null
                : type.GetProperty(nameof(Task<int>.Result))!.GetValue(task);
        }

        return null;
    }

    private static Task? AsTask(object? result) => result switch
    {
        Task task => task,
        ValueTask task => task.AsTask(),
        not null when result.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>) =>
            (Task)type.GetMethod(nameof(ValueTask<int>.AsTask))!.Invoke(result, null)!,
        _ => null,
    };

    private static async Task<T[]?> ItemsAsync<T>(object? result, CancellationToken cancellationToken)
    {
        if (AsTask(result) is { } task)
        {
            await task.ConfigureAwait(false);
            result = ResultOf(task);
        }

        if (result is not IAsyncEnumerable<T> sequence)
            return null;
        var items = new List<T>();
        await foreach (var item in sequence.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            items.Add(item);
        }

        return [.. items];
    }
}
