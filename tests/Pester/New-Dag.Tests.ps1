BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
}

AfterAll { Restore-TestSession }

Describe 'New-Dag' {
    It 'takes the name and the definition by position, and keeps the description' {
        $dag = New-Dag nightly { Add-DagNode a { 1 } } -Description 'Every night at two'
        $dag.Name | Should -Be nightly
        $dag.Description | Should -Be 'Every night at two'
        $dag.Nodes.Label | Should -Be a
    }

    It 'makes an empty DAG without a definition' {
        $dag = New-Dag empty
        $dag.Nodes | Should -BeNullOrEmpty
        @($dag).Count | Should -Be 1
    }

    It 'is named by its common parameter names too' {
        (New-Dag -Name byname -Definition { Add-DagNode a { 1 } }).Nodes.Label | Should -Be a
    }

    It 'refuses an empty name' {
        { New-Dag '' } | Should -Throw -ErrorId 'DagNameInvalid*'
    }

    It 'refuses an empty name of <Option>' -ForEach @(
        @{ Option = '-Function'; Options = @{ Function = 'Get-Date', $null } }
        @{ Option = '-Module'; Options = @{ Module = 'x', $null } }
        @{ Option = '-Module'; Options = @{ Module = '' } }
    ) {
        { New-Dag d @Options } | Should -Throw -ErrorId 'DagNameInvalid*' -ExpectedMessage "A * of the DAG 'd' needs a name*"
    }

    It 'writes the DAG alone, whatever the definition emits' {
        $made = @(New-Dag noisy { 'text'; 1..3; Add-DagNode a { 1 } -PassThru; Get-Date })
        $made.Count | Should -Be 1
        $made[0].GetType().Name | Should -Be Dag
    }

    It 'builds nodes in loops and conditions, with the variables of the caller' {
        $count = 4
        $dag = New-Dag looped {
            foreach ($i in 1..$count) { Add-DagNode "n$i" { 1 } }
            if ($count -gt 3) { Add-DagNode last { 1 } -After n1, n2 }
        }
        $dag.Nodes.Label | Should -Be n1, n2, n3, n4, last
    }

    It 'calls functions of the caller that add nodes' {
        function Add-Pair($Name) { Add-DagNode "$Name-in" { 1 }; Add-DagNode "$Name-out" { param($x) $x } -After "$Name-in" }
        (New-Dag pairs { Add-Pair one; Add-Pair two }).Nodes.Label | Should -Be one-in, one-out, two-in, two-out
    }

    It 'implies the inner DAG in a definition inside a definition, and the outer one again after it' {
        $outer = New-Dag outer {
            Add-DagNode list { 1, 2 }
            $inner = New-Dag inner { Add-DagNode double { param([int]$x) $x * 2 } }
            Add-DagNode each -Map $inner -After list
        }
        $outer.Nodes.Label | Should -Be list, each
        ($outer | Invoke-Dag -NoProvenance).Outputs['each'] | Should -Be 2, 4
    }

    It 'implies no DAG after the definition' {
        $null = New-Dag done { Add-DagNode a { 1 } }
        { Add-DagNode stray { 1 } } | Should -Throw
    }

    It 'implies no DAG after a definition that failed' {
        { New-Dag broken { throw 'half way' } } | Should -Throw '*half way*'
        { Add-DagNode stray { 1 } } | Should -Throw
    }

    It 'ends at the first error of its definition, with the error of the node' {
        { New-Dag twice { Add-DagNode a { 1 }; Add-DagNode a { 2 }; throw 'not reached' } } | Should -Throw -ErrorId 'DagNodeDuplicate*'
    }

    It 'writes nothing when its definition fails' {
        $made = try { New-Dag broken { throw 'no' } } catch { }
        $made | Should -BeNullOrEmpty
    }

    It 'makes the variables of -Variable known to nodes and to the elements of maps' {
        $dag = New-Dag vars -Variable @{ Factor = 3; Unit = @{ Name = 'kg' } } {
            Add-DagNode a { 1..2 | ForEach-Object { $_ * $Factor } }
            Add-DagNode b -Map { "$_ $($Unit.Name)" } -After a
        }
        ($dag | Invoke-Dag -NoProvenance).Outputs['b'] | Should -Be '3 kg', '6 kg'
    }

    It 'makes a function of -Function known to nodes that find it by a computed name' {
        function Get-Answer { 42 }
        $dag = New-Dag named -Function Get-Answer { Add-DagNode a { $name = 'Get-' + 'Answer'; & $name } }
        ($dag | Invoke-Dag -NoProvenance).Outputs['a'] | Should -Be 42
    }

    It 'makes a module of -Module known to nodes' {
        $path = Join-Path $TestDrive 'Ladder.psm1'
        Set-Content $path 'function Get-Rung { "rung $args" }'
        $dag = New-Dag modules -Module $path { Add-DagNode a { Get-Rung 7 } }
        ($dag | Invoke-Dag -NoProvenance).Outputs['a'] | Should -Be 'rung 7'
        Get-Command Get-Rung -ErrorAction Ignore | Should -BeNullOrEmpty
    }
}

Describe 'The session of a node' {
    It 'has the functions of the caller that a node calls, and those that they call' {
        function Get-Inner($x) { $x + 1 }
        function Get-Outer($x) { (Get-Inner $x) * 10 }
        (New-Dag f { Add-DagNode a { Get-Outer 4 } } | Invoke-Dag -NoProvenance).Outputs['a'] | Should -Be 50
    }

    It 'has a filter and a function with parameters before its body' {
        filter Add-Ten { $_ + 10 }
        function Get-Sum([int]$A, [int]$B = 5) { $A + $B }
        (New-Dag f { Add-DagNode a { 1, (Get-Sum 2) | Add-Ten } } | Invoke-Dag -NoProvenance).Outputs['a'] | Should -Be 11, 17
    }

    It 'has the modules of the caller whose commands a node calls' {
        $path = Join-Path $TestDrive 'Colors.psm1'
        Set-Content $path '$script:base = "dark "; function Get-Color($Name) { $script:base + $Name }'
        Import-Module $path
        try { (New-Dag f { Add-DagNode a { Get-Color red } } | Invoke-Dag -NoProvenance).Outputs['a'] | Should -Be 'dark red' }
        finally { Remove-Module Colors }
    }

    It 'has no variable of the caller by itself' {
        $secretOfMine = 5
        (New-Dag f { Add-DagNode a { $null -eq $secretOfMine } } | Invoke-Dag -NoProvenance).Outputs['a'] | Should -BeTrue
    }

    It 'has the location of the caller' {
        Push-Location $TestDrive
        try {
            $run = New-Dag f { Add-DagNode a { "$PWD" }; Add-DagNode b -After a { Set-Location /; 'moved' }; Add-DagNode c -After b { "$PWD" } } |
                Invoke-Dag -DatabasePath (New-DatabasePath) -ThrottleLimit 1
            ($run.Nodes | Where-Object Label -EQ a).Output | Should -Be "$PWD"
            $run.Outputs['c'] | Should -Be "$PWD"
            "$PWD" | Should -Be ([string]$TestDrive)
        }
        finally { Pop-Location }
    }

    It 'has the preference variables of the caller' {
        $ErrorActionPreference = 'Stop'
        $run = New-Dag f { Add-DagNode a { Write-Error 'ends it'; 'not reached' } } | Invoke-Dag -NoProvenance -ErrorAction SilentlyContinue
        $run.Status | Should -Be failed
    }

    It 'has the default parameter values of the caller' {
        $PSDefaultParameterValues = @{ 'Get-Random:Maximum' = 1 }
        (New-Dag f { Add-DagNode a { Get-Random } } | Invoke-Dag -NoProvenance).Outputs['a'] | Should -Be 0
    }

    It 'converts without culture, as PowerShell does' {
        $saved = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = 'de-DE'
            $run = New-Dag f { Add-DagNode a { param([double]$x) $x } -OutputType double } | Invoke-Dag -SourceInput @{ x = '1.5' } -NoProvenance
            $run.Outputs['a'] | Should -Be ([double]1.5)
        }
        finally { [cultureinfo]::CurrentCulture = $saved }
    }

    It 'runs from a caller in strict mode' {
        Set-StrictMode -Version Latest
        $run = New-Dag f { Add-DagNode a { 1..3 }; Add-DagNode b -Map { $_ + 1 } -After a } | Invoke-Dag -NoProvenance
        $run.Outputs['b'] | Should -Be 2, 3, 4
        $run.FailedNode | Should -BeNullOrEmpty
    }

    It 'leaves nothing behind in the session of the caller' {
        $null = New-Dag f { Add-DagNode a { $global:leftBehind = 1; function global:Get-LeftBehind { 1 }; 1 } } | Invoke-Dag -NoProvenance
        Get-Variable leftBehind -Scope Global -ErrorAction Ignore | Should -BeNullOrEmpty
        Get-Command Get-LeftBehind -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'keeps the variables of one node from another' {
        $run = New-Dag f { Add-DagNode a { $mine = 1; $mine }; Add-DagNode b -After a { "<$mine>" } } | Invoke-Dag -NoProvenance -ThrottleLimit 1
        $run.Outputs['b'] | Should -Be '<>'
    }
}
