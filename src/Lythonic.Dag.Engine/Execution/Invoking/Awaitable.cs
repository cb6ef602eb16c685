namespace Lythonic.Dag.Execution;

/// <summary>Reads what a method returned as a task, if it is one.</summary>
internal static class Awaitable
{
    /// <summary>The task of a <c>Task</c>, <c>ValueTask</c> or <c>ValueTask&lt;T&gt;</c>; otherwise <see langword="null"/>.</summary>
    public static Task? AsTask(object? result) => result switch
    {
        Task task => task,
        ValueTask task => task.AsTask(),
        not null when result.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>) =>
            (Task)type.GetMethod(nameof(ValueTask<int>.AsTask))!.Invoke(result, null)!,
        _ => null,
    };

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
}
