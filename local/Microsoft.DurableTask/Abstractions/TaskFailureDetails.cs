using System.Reflection;

namespace Microsoft.DurableTask;

/// <summary>An exception as it travels through histories: type name, message, stack trace and inner failure.</summary>
public record TaskFailureDetails(
    string ErrorType,
    string ErrorMessage,
    string? StackTrace,
    TaskFailureDetails? InnerFailure,
    IDictionary<string, object?>? Properties)
{
    public static TaskFailureDetails FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var inner = exception is TaskFailedException { InnerException: null } failed
            ? failed.FailureDetails
            : exception.InnerException is { } cause ? FromException(cause) : null;
        return new TaskFailureDetails(exception.GetType().FullName ?? exception.GetType().Name, exception.Message, exception.StackTrace, inner, Properties: null);
    }

    public bool IsCausedBy<T>()
        where T : Exception => IsCausedBy(typeof(T), Assembly.GetCallingAssembly());

    /// <summary>Whether the failed exception was of this type or of one derived from it; false when its type is not loaded here.</summary>
    /// <exception cref="AmbiguousMatchException">Two loaded assemblies have a type of that name.</exception>
    public bool IsCausedBy(Type targetBaseExceptionType)
    {
        ArgumentNullException.ThrowIfNull(targetBaseExceptionType);
        if (!typeof(Exception).IsAssignableFrom(targetBaseExceptionType))
            throw new ArgumentException($"The type {targetBaseExceptionType} is not an exception type.", nameof(targetBaseExceptionType));
        return IsCausedBy(targetBaseExceptionType, Assembly.GetCallingAssembly());
    }

    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    private bool IsCausedBy(Type target, Assembly caller)
    {
        var type = target.FullName == ErrorType ? target : target.Assembly.GetType(ErrorType) ?? caller.GetType(ErrorType) ?? LoadedType();
        return type is not null && target.IsAssignableFrom(type);
    }

    private Type? LoadedType()
    {
        var found = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(ErrorType)).OfType<Type>().Distinct().Take(2).ToList();
        return found.Count < 2
            ? found.FirstOrDefault()
            : throw new AmbiguousMatchException($"Several loaded assemblies have the exception type '{ErrorType}': {string.Join(", ", found.Select(type => type.Assembly.GetName().Name))}.");
    }
}
